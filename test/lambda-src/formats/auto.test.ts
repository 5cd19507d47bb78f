import * as fs from 'node:fs';
import * as path from 'node:path';
import type { CdpFormatKind } from '../../../src/contract/cdp-format';
import { fixture, readAll } from '../support/formats';

const FOLDERS: Readonly<Record<string, CdpFormatKind>> = {
  segment: 'segment', rudderstack: 'rudderstack', mparticle: 'mparticle', tealium: 'tealium', cloudevents: 'cloudevents', pinpoint: 'pinpoint',
};
const FILES = Object.keys(FOLDERS).flatMap((folder) => fs.readdirSync(path.join(__dirname, '../../fixtures', folder)).map((file) => [`${folder}/${file}`, FOLDERS[folder]] as const));

/** It takes `delete` from whoever sends it, which RudderStack does not. */
const withoutDelete = (file: string, body: any) => file === 'rudderstack/batch.json' ? { batch: body.batch.slice(0, -1) } : body;

test.each(FILES)('%s is read as %s would read it', (file, kind) => {
  for (const body of [fixture<unknown>(file)].flat()) {
    const sent = withoutDelete(file, body);
    // A page without its type shows nothing of the Segment spec, so that the code says less.
    expect(readAll('auto', sent)).toEqual(readAll(kind, sent).map((read) => kind === 'segment' && read === 'MissingType' ? 'UnknownFormat' : read));
  }
});

test.each<[string, object, unknown[]]>([
  ['mParticle before Tealium', { mpid: '1', tealium_event: 'e' }, [[{ kind: 'identify', userId: '1' }]]],
  ['Tealium before the Segment spec', { tealium_event: 'e', type: 'identify', user_id: 'u' }, [[{ kind: 'track', event: 'e' }]]],
  ['Amazon Pinpoint before the Segment spec', { Id: 'e1', User: { UserId: 'u' }, type: 'track' }, [[{ kind: 'profile', userId: 'u' }]]],
  ['a delete, which only Segment has', { type: 'delete', userId: 'u' }, [[{ kind: 'delete', userId: 'u' }]]],
  ['nothing that is known', { hello: 'world' }, ['UnknownFormat']],
  ['nothing at all', {}, ['UnknownFormat']],
])('%s', (_, body, expected) => {
  expect(readAll('auto', body)).toMatchObject(expected);
});

const MARKS = { mpid: '1', user_identities: { customer_id: 'x' }, tealium_event: 'e', specversion: '1.0', EventsRequest: {}, Item: [{}], batch: [{}], events: [{ event_type: 'opt_out' }] };

test.each<[string, object, unknown]>([
  ['traits and properties that bear other vocabularies\' marks', { type: 'track', userId: 'u', event: 'e', properties: MARKS, context: { ...MARKS, traits: MARKS } }, [{ kind: 'track', userId: 'u', event: 'e' }]],
  ['traits alone that bear them', { type: 'identify', userId: 'u', traits: MARKS }, [{ kind: 'identify', userId: 'u' }]],
  ['attributes of mParticle that bear them', { user_identities: { customer_id: 'c' }, user_attributes: { ...MARKS, type: 'delete', userId: 'u' } }, [{ kind: 'identify', userId: 'c' }]],
  ['an event of Tealium that bears the Segment spec\'s', { tealium_event: 'e', user_id: 'u', type: 'delete', userId: 'x', batch: 5 }, [{ kind: 'track', userId: 'u' }]],
  ['an event that has three of an envelope\'s four members', { specversion: '1.0', id: '1', source: 's', userId: 'u', event: 'e' }, [{ kind: 'track', userId: 'u' }]],
  ['an envelope of Amazon EventBridge', { 'version': '0', 'id': '1', 'detail-type': 'identify', 'source': 's', 'detail': { type: 'identify', userId: 'u' } }, 'UnknownFormat'],
  ['a notification of Amazon SNS', { Type: 'Notification', MessageId: 'm', Message: '{"type":"identify","userId":"u"}' }, 'UnknownFormat'],
  ['PostHog\'s batch, which names its users otherwise', { api_key: 'k', batch: [{ event: 'e', distinct_id: 'd', properties: {} }] }, 'MissingUserId'],
])('%s', (_, body, expected) => {
  expect(readAll('auto', body)).toMatchObject([expected]);
});

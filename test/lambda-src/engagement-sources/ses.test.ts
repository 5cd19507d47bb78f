import fc from 'fast-check';
import type { EngagementEvent } from '../../../lambda-src/engagement';
import type { OneOfSeveral } from '../../../lambda-src/engagement-sources';
import { pseudonym } from '../../../lambda-src/engagement-sources/digest';
import { createSesSource } from '../../../lambda-src/engagement-sources/ses';
import { EngagementType, ENGAGEMENT_EVENT_TYPES } from '../../../src/contract/engagement-stream-to-cdp';
import { SES_EVENT_TYPES } from '../../../src/contract/ses-events';
import events from '../../fixtures/ses/events.json';
import { ARRIVED, Raw } from '../support/engagement';

type Name = keyof typeof events;
const raw = (name: Name): Raw => structuredClone(events[name]);
const told = (body: Raw, wanted?: ReadonlySet<EngagementType>, userIdTag = 'userId') =>
  createSesSource({ kind: 'ses', userIdTag }).read(body, ARRIVED, wanted) as EngagementEvent | OneOfSeveral[] | string;
const read = (...args: Parameters<typeof told>): EngagementEvent[] => {
  const reading = told(...args);
  if (typeof reading === 'string') throw new Error(reading);
  return Array.isArray(reading) ? reading.map(({ event }) => event) : [reading];
};
const one = (body: Raw): EngagementEvent => {
  const [event, ...others] = read(body);
  expect(others).toEqual([]);
  return event;
};

const COMMON = {
  userId: 'user-97980',
  channel: 'EMAIL',
  address: 'ana@example.com',
  messageId: '0100019aa0b1c2d3-5e6f7a8b-0000-4000-8000-1234567890ab-000000',
  subject: 'Spring sale',
  metrics: {},
};
const TAGS = { campaign: 'spring' };

/** Everything that each event says, beside what they have in common. */
const SAID: Readonly<Partial<Record<Name, Partial<EngagementEvent>>>> = {
  send: { type: 'EMAIL_SEND', sourceType: 'Send', at: '2026-11-20T08:00:00.000Z', attributes: TAGS },
  delivery: {
    type: 'EMAIL_DELIVERED', sourceType: 'Delivery', at: '2026-11-20T08:00:02.417Z', attributes: { ...TAGS, smtp_response: '250 2.6.0 Message received' },
  },
  hardBounce: {
    type: 'EMAIL_HARD_BOUNCE',
    sourceType: 'Bounce',
    at: '2026-11-20T08:00:03.120Z',
    status: '5.1.1',
    bounce: { type: 'Permanent', subType: 'General', diagnostic: 'smtp; 550 5.1.1 user unknown' },
    attributes: TAGS,
  },
  softBounce: {
    type: 'EMAIL_SOFT_BOUNCE',
    sourceType: 'Bounce',
    at: '2026-11-20T20:00:00.000Z',
    status: '4.2.2',
    bounce: { type: 'Transient', subType: 'MailboxFull', diagnostic: 'smtp; 452 4.2.2 mailbox full' },
    attributes: TAGS,
  },
  undeterminedBounce: {
    type: 'EMAIL_SOFT_BOUNCE',
    sourceType: 'Bounce',
    at: '2026-11-20T08:00:04.000Z',
    bounce: { type: 'Undetermined', subType: 'Undetermined' },
    attributes: TAGS,
  },
  complaint: {
    type: 'EMAIL_COMPLAINT',
    sourceType: 'Complaint',
    at: '2026-11-21T09:30:00.000Z',
    complaint: { type: 'abuse' },
    userAgent: 'Amazon SES Mailbox Simulator',
    attributes: TAGS,
  },
  open: {
    type: 'EMAIL_OPEN', sourceType: 'Open', at: '2026-11-20T10:15:00.250Z', ip: '198.51.100.14', userAgent: 'Mozilla/5.0 (example)', attributes: TAGS,
  },
  click: {
    type: 'EMAIL_CLICK',
    sourceType: 'Click',
    at: '2026-11-20T10:15:09.001Z',
    ip: '198.51.100.14',
    userAgent: 'Mozilla/5.0 (example)',
    link: 'https://shop.example.com/spring?id=1',
    attributes: { ...TAGS, link_tag_position: 'top' },
  },
  reject: { type: 'EMAIL_REJECTED', sourceType: 'Reject', at: '2026-11-20T08:00:05.000Z', status: 'Bad content', attributes: TAGS },
  renderingFailure: {
    type: 'EMAIL_RENDERING_FAILURE',
    sourceType: 'Rendering Failure',
    at: '2026-11-20T08:00:05.000Z',
    status: "Attribute 'firstName' is not present in the rendering data.",
    attributes: { ...TAGS, template_name: 'spring' },
  },
  deliveryDelay: {
    type: 'EMAIL_DELIVERY_DELAY',
    sourceType: 'DeliveryDelay',
    at: '2026-11-20T08:30:00.095Z',
    status: '4.4.1',
    attributes: { ...TAGS, delay_type: 'TransientCommunicationFailure', delay_reason: 'smtp; 421 4.4.1 Unable to connect to remote host' },
  },
  unsubscribeAll: {
    type: 'EMAIL_UNSUBSCRIBE',
    sourceType: 'Subscription',
    at: '2026-11-20T11:00:00.170Z',
    attributes: {
      ...TAGS, contact_list: 'customers', subscription_source: 'UnsubscribeHeader', unsubscribe_all: 'true', opted_out_topics: 'sales,news',
    },
  },
  unsubscribeTopic: {
    type: 'EMAIL_UNSUBSCRIBE',
    sourceType: 'Subscription',
    at: '2026-11-20T11:00:00.170Z',
    attributes: {
      ...TAGS, contact_list: 'customers', subscription_source: 'UnsubscribeHeader', unsubscribe_all: 'false', opted_out_topics: 'sales,news',
    },
  },
  resubscribe: {
    type: 'CUSTOM',
    sourceType: 'Subscription',
    at: '2026-11-20T11:00:00.170Z',
    attributes: { ...TAGS, contact_list: 'customers', subscription_source: 'UnsubscribeHeader', unsubscribe_all: 'false', opted_out_topics: 'news' },
  },
};

describe('what each event becomes', () => {
  test.each(Object.entries(SAID))('%s', (name, said) => {
    expect(one(raw(name as Name))).toEqual({ ...COMMON, ...said, id: expect.stringMatching(/^[0-9a-f]{32}$/) });
  });

  test('every type that can be chosen comes of one of them', () => {
    expect(new Set(Object.values(SAID).map((said) => said.type))).toEqual(new Set(Object.keys(SES_EVENT_TYPES)));
    for (const { type, sourceType } of Object.values(SAID)) expect(SES_EVENT_TYPES[type!]).toContain(sourceType);
  });

  test('a complaint that says nothing of its type, and one of a message that was not sent again', () => {
    const body = raw('complaint');
    delete body.detail.complaint.complaintFeedbackType;
    body.detail.complaint.complaintSubType = 'OnAccountSuppressionList';
    expect(one(body)).toMatchObject({
      type: 'EMAIL_COMPLAINT', complaint: { type: undefined }, attributes: { ...TAGS, complaint_sub_type: 'OnAccountSuppressionList' },
    });
  });

  test.each(['abuse', 'auth-failure', 'fraud', 'other', 'virus'])('a report of %s is a complaint', (type) => {
    const body = raw('complaint');
    body.detail.complaint.complaintFeedbackType = type;
    expect(one(body)).toMatchObject({ type: 'EMAIL_COMPLAINT', complaint: { type } });
  });

  test('a report that a message was no spam is none', () => {
    const body = raw('complaint');
    body.detail.complaint.complaintFeedbackType = 'not-spam';
    expect(one(body)).toMatchObject({ type: 'CUSTOM', sourceType: 'Complaint', complaint: { type: 'not-spam' } });
    expect(SES_EVENT_TYPES.CUSTOM).toContain('Complaint');
  });

  test.each<[string, string, string]>([
    ['Permanent', 'NoEmail', 'EMAIL_HARD_BOUNCE'],
    ['Permanent', 'Suppressed', 'EMAIL_HARD_BOUNCE'],
    ['Permanent', 'OnAccountSuppressionList', 'EMAIL_HARD_BOUNCE'],
    ['Transient', 'General', 'EMAIL_SOFT_BOUNCE'],
    ['Transient', 'MessageTooLarge', 'EMAIL_SOFT_BOUNCE'],
    ['Transient', 'ContentRejected', 'EMAIL_SOFT_BOUNCE'],
    ['Transient', 'AttachmentRejected', 'EMAIL_SOFT_BOUNCE'],
  ])('a bounce %s/%s is %s', (bounceType, bounceSubType, type) => {
    const body = raw('hardBounce');
    Object.assign(body.detail.bounce, { bounceType, bounceSubType });
    expect(one(body)).toMatchObject({ type, bounce: { type: bounceType, subType: bounceSubType } });
  });

  test('a subscription that says nothing of its topics counts as an unsubscription', () => {
    const body = raw('resubscribe');
    delete body.detail.subscription.newTopicPreferences;
    expect(one(body).type).toBe('EMAIL_UNSUBSCRIBE');
  });
});

describe('several recipients', () => {
  test('one event for each that bounced, and none for the one that did not', () => {
    const [ana, ben, ...others] = read(raw('bounceOfSeveral'));
    expect(others).toEqual([]);
    expect([ana, ben].map(({ address, status, bounce }) => [address, status, bounce?.diagnostic])).toEqual([
      ['ana@example.com', '5.1.1', 'smtp; 550 5.1.1 user unknown'], ['ben@example.com', '5.7.1', 'smtp; 550 5.7.1 refused'],
    ]);
    expect([ana, ben].map(({ userId }) => userId)).toEqual(['user-97980', 'user-97980']);
    expect(ana.id).not.toBe(ben.id);
  });

  test.each(['send', 'reject', 'renderingFailure'] as const)('%s is about all of them', (name) => {
    const body = raw(name);
    body.detail.mail.destination = ['ana@example.com', 'ben@example.com', 'ana@example.com'];
    expect(read(body).map(({ address }) => address)).toEqual(['ana@example.com', 'ben@example.com']);
  });

  test.each(['bounceOfSeveral', 'send', 'reject'] as const)('%s of several, of which one is put back: it is the same event, and the only one', (name) => {
    const body = raw(name);
    body.detail.mail.destination = ['ana@example.com', 'ben@example.com'];
    const several = told(body) as OneOfSeveral[];
    expect(several).toHaveLength(2);
    for (const { event, alone } of several) {
      const put = JSON.parse(JSON.stringify(alone()));
      expect(one(put)).toEqual(event);
      expect(Object.keys(put)).toEqual(Object.keys(body));
    }
  });

  test('an open is of one of them, whom nobody knows', () => {
    const event = one(raw('openOfSeveral'));
    expect(event).toMatchObject({ userId: 'user-97980' });
    expect(event.address).toBeUndefined();
  });

  test('nor does the tag tell when there is none: the event keeps a pseudonym of the message', () => {
    const body = raw('openOfSeveral');
    delete body.detail.mail.tags.userId;
    expect(one(body)).toMatchObject({ endpointId: pseudonym('message', '0100019aa0b1c2d3-several-000000') });
  });

  test.each([[[]], [undefined], ['ana'], [[1, null, '', {}]]])('a list that holds nobody (%j) gives way to the recipients of the message', (list) => {
    const body = raw('delivery');
    body.detail.delivery.recipients = list;
    expect(one(body).address).toBe('ana@example.com');
  });

  test.each(['hardBounce', 'delivery', 'complaint', 'deliveryDelay'] as const)('of several, %s that lists nobody is told of nobody in particular', (name) => {
    const body = raw(name);
    body.detail.mail.destination = ['ana@example.com', 'ben@example.com'];
    Object.assign(body.detail[{ hardBounce: 'bounce', delivery: 'delivery', complaint: 'complaint', deliveryDelay: 'deliveryDelay' }[name]], {
      bouncedRecipients: [], recipients: [], complainedRecipients: [], delayedRecipients: [],
    });
    expect(one(body)).toMatchObject({ userId: 'user-97980', address: undefined });
  });

  test('a recipient with a name is the one without', () => {
    const body = raw('send');
    delete body.detail.mail.tags.userId;
    const { address, endpointId } = one(body);
    body.detail.mail.destination = ['"Ana <the first>" <ana@example.com>', 'ana@example.com'];
    expect(one(body)).toMatchObject({ address, endpointId });
  });

  test('a message that names nobody either still has its event', () => {
    const body = raw('delivery');
    delete body.detail.delivery.recipients;
    delete body.detail.mail.destination;
    expect(one(body)).toMatchObject({ userId: 'user-97980', type: 'EMAIL_DELIVERED' });
  });
});

describe('whose event it is', () => {
  test('without a tag it is the address’s, whose pseudonym does not tell it and is the same in every spelling', () => {
    const { userId, endpointId, address } = one(raw('withoutTag'));
    expect({ userId, address }).toEqual({ userId: undefined, address: 'Ana@Example.com' });
    expect(endpointId).toBe(pseudonym('email', 'ana@example.com'));
    expect(endpointId).toMatch(/^[0-9a-f]{32}$/);
  });

  test('an encoded id, before one that is not', () => {
    expect(one(raw('encodedTag')).userId).toBe('foo:barü');
    const both = raw('encodedTag');
    both.detail.mail.tags.userId = ['other'];
    expect(one(both)).toMatchObject({ userId: 'foo:barü', attributes: {} });
  });

  test.each(['Zm9', 'Zm9v=', '_w', 'Zm9v Zm9v', 'é'])('an encoded id that is none (%s) is kept as a dead letter', (value) => {
    const body = raw('encodedTag');
    body.detail.mail.tags['userId-base64url'] = [value];
    expect(() => read(body)).toThrow(expect.objectContaining({ code: 'InvalidUserTag' }));
  });

  test.each(['userId', 'userId-base64url'])('a tag %s of two users names neither', (name) => {
    const body = raw('send');
    body.detail.mail.tags[name] = ['Zm9v', 'YmFy'];
    expect(() => read(body)).toThrow(expect.objectContaining({ code: 'InvalidUserTag' }));
    body.detail.mail.tags[name] = ['Zm9v', 'Zm9v'];
    expect(one(body).userId).toBe(name === 'userId' ? 'Zm9v' : 'foo');
  });

  test('of other tags, and of those of a link, no value is left out', () => {
    const body = raw('click');
    body.detail.mail.tags.campaign = ['spring', 'sale'];
    body.detail.click.linkTags = { position: ['top', 'left'], none: [] };
    expect(one(body).attributes).toEqual({ campaign: 'spring,sale', link_tag_position: 'top,left' });
  });

  test('every id survives its encoding', () => {
    fc.assert(fc.property(fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' }), (userId) => {
      const body = raw('encodedTag');
      const tag = Buffer.from(userId).toString('base64url');
      fc.pre(tag.length <= 256);
      expect(tag).toMatch(/^[\w-]+$/);
      body.detail.mail.tags['userId-base64url'] = [tag];
      expect(one(body).userId).toBe(userId);
    }));
  });

  test('the tag has the name that was chosen, and the other one is an attribute', () => {
    const body = raw('send');
    body.detail.mail.tags.uid = ['u2'];
    expect(read(body, undefined, 'uid')).toMatchObject([{ userId: 'u2', attributes: { userId: 'user-97980', campaign: 'spring' } }]);
  });
});

describe('what is wanted', () => {
  test.each(Object.keys(SAID) as Name[])('%s', (name) => {
    const { type } = one(raw(name));
    const others = new Set(ENGAGEMENT_EVENT_TYPES.filter((other) => other !== type));
    expect(told(raw(name), others)).toBe('NotWanted');
    expect(read(raw(name), new Set([type]))).toHaveLength(1);
  });
});

describe('what can not be read', () => {
  test.each<[string, (body: Raw) => void]>([
    ['MissingEventType', (body) => delete body.detail],
    ['MissingEventType', (body) => delete body.detail.eventType],
    ['UnknownEventType', (body) => body.detail.eventType = '__proto__'],
    ['UnknownEventType', (body) => body.detail.eventType = 'Sending Status Disabled'],
    ['MissingMessageId', (body) => delete body.detail.mail],
  ])('%s', (code, spoil) => {
    const body = raw('delivery');
    spoil(body);
    expect(() => read(body)).toThrow(expect.objectContaining({ code }));
  });
});

describe('the same event however it comes', () => {
  test('every event has an id of its own', () => {
    const ids = (Object.keys(events) as Name[]).flatMap((name) => read(raw(name)).map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('in another envelope, and twice', () => {
    for (const name of Object.keys(events) as Name[]) {
      const again = { ...raw(name), 'id': 'other', 'replay-name': 'archive', 'resources': [] };
      expect(read(again)).toEqual(read(raw(name)));
    }
  });

  test('in any order: what a CDP that sorts by time has in the end is the same', () => {
    const names = Object.keys(events) as Name[];
    const sorted = (order: readonly Name[]) => order.flatMap((name) => read(raw(name)))
      .sort((a, b) => a.at.localeCompare(b.at) || a.id.localeCompare(b.id));
    fc.assert(fc.property(fc.shuffledSubarray(names, { minLength: names.length }), (order) => {
      expect(sorted(order)).toEqual(sorted(names));
    }), { numRuns: 20 });
  });
});

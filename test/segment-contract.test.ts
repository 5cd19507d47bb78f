import { CdpSegmentImporterProps, ChannelType, SegmentTarget } from '../src';
import { cases, change, errorOf } from './support/contract';
import { APPLICATION_ID, configOf, givenImporter, templateOf } from './support/synth';
import { CONFIG_VARIABLE, loadConfig } from '../src/contract/env';
import { parseSegmentImportControl } from '../src/contract/segment-import-control';
import { parseSegmentPrepare } from '../src/contract/segment-prepare';
import { SegmentTargetKind } from '../src/contract/segment-target';

/** The seam: what CdpSegmentImporter writes into a template, its functions must be able to read. */
const TARGETS: { readonly [K in SegmentTargetKind]: readonly SegmentTarget[] } = {
  pinpoint: [
    SegmentTarget.pinpoint({ applicationId: APPLICATION_ID }),
    SegmentTarget.pinpoint({ applicationId: APPLICATION_ID, registerEndpoints: false }),
    SegmentTarget.pinpoint({ applicationId: APPLICATION_ID, defineSegment: false }),
  ],
  customerProfiles: [
    SegmentTarget.customerProfiles({ domainName: 'amazon-connect-shop', segments: ['VIP'] }),
    SegmentTarget.customerProfiles({ domainName: 'amazon-connect-shop', segments: ['VIP list (März)', 'b'], objectTypeName: 'M', requestsPerSecond: 40 }),
  ],
};
const FULL: Partial<CdpSegmentImporterProps> = {
  exportMarker: '_SUCCESS', columns: { email: 'Address' }, ignoredColumns: ['row'], defaultChannel: ChannelType.EMAIL, defaultCountry: 'DE', maxRejectedRows: 0,
};

const prepareOf = (props: Partial<CdpSegmentImporterProps> = {}) =>
  loadConfig(parseSegmentPrepare, { [CONFIG_VARIABLE]: configOf(templateOf(givenImporter(props)), 'ListsPrepare') });
const controlOf = (props: Partial<CdpSegmentImporterProps> = {}) =>
  loadConfig(parseSegmentImportControl, { [CONFIG_VARIABLE]: configOf(templateOf(givenImporter(props)), 'ListsControl') });

const WORK = { bucketName: '<ListsBucket>', prefix: 'cdp-segment-importer/Stack-Lists-70D88FEA' };
const TARGET = { kind: 'pinpoint', applicationId: APPLICATION_ID, importRoleArn: '<ListsImportRole.Arn>', registerEndpoints: true, defineSegment: true };

describe('what is synthesized parses', () => {
  test('the function that prepares, in whole', () => {
    expect(prepareOf()).toEqual({
      version: 1,
      instance: 'Stack/Lists',
      inbox: { bucketName: '<ListsBucket>', prefix: 'segments' },
      work: WORK,
      rows: { columns: {}, ignoredColumns: [], endpointId: '{userId}:{channel}', maxRejectedRows: 1000 },
      target: TARGET,
    });
  });

  test('with every option', () => {
    expect(prepareOf(FULL)).toMatchObject({
      inbox: { exportMarker: '_SUCCESS' },
      rows: { columns: { email: 'Address' }, ignoredColumns: ['row'], defaultChannel: 'EMAIL', defaultCountry: 'DE', maxRejectedRows: 0 },
    });
  });

  test('the function that controls, in whole', () => {
    expect(controlOf()).toEqual({
      version: 1, instance: 'Stack/Lists', inbox: { bucketName: '<ListsBucket>', prefix: 'segments' }, work: WORK, eventBusName: 'default', maxConcurrentJobs: 2, jobTimeoutSeconds: 7200, waitTimeoutSeconds: 86400, target: TARGET,
    });
  });

  test.each(Object.entries(TARGETS).flatMap(([kind, targets]) => targets.map((target) => ({ kind, target }))))('target $kind (%#)', ({ kind, target }) => {
    expect([prepareOf({ target }).target.kind, controlOf({ target }).target.kind]).toEqual([kind, kind]);
  });
});

const BAD_TARGET = {
  'target': [undefined, null, 5], 'target.kind': [undefined, 'other'], 'target.applicationId': [undefined, ''], 'target.importRoleArn': [undefined, ''],
  'target.registerEndpoints': [undefined, 'true'], 'target.defineSegment': [undefined, 1],
};
const BAD_BASE = { 'version': [undefined, 0, 2], 'instance': [undefined, ''], 'work': [undefined, 'bucket'], 'work.bucketName': [undefined, ''], 'work.prefix': [undefined, ''] };
const BAD_PREPARE: Record<string, readonly unknown[]> = {
  ...BAD_BASE, ...BAD_TARGET,
  'inbox': [undefined, []],
  'inbox.bucketName': [undefined, ''],
  'inbox.prefix': [undefined, ''],
  'inbox.exportMarker': ['', 1],
  'rows': [undefined, null],
  'rows.columns': [undefined, []],
  'rows.columns.email': ['', 1],
  'rows.ignoredColumns': [undefined, {}],
  'rows.ignoredColumns[0]': ['', 1],
  'rows.defaultChannel': ['PUSH'],
  'rows.defaultCountry': [''],
  'rows.endpointId': [undefined, ''],
  'rows.maxRejectedRows': [undefined, -1, '0'],
};
const BAD_CONTROL: Record<string, readonly unknown[]> = {
  ...BAD_BASE, ...BAD_TARGET,
  eventBusName: [undefined, ''], maxConcurrentJobs: [undefined, 0], jobTimeoutSeconds: [undefined, 0], waitTimeoutSeconds: [undefined, 0],
};

describe('a wrong document names the key at fault', () => {
  const prepare = JSON.parse(configOf(templateOf(givenImporter(FULL)), 'ListsPrepare'));
  const control = JSON.parse(configOf(templateOf(givenImporter(FULL)), 'ListsControl'));

  test.each(cases(BAD_PREPARE))('prepare $path: $value', ({ path, value }) => {
    expect(errorOf(parseSegmentPrepare, change(prepare, path, value)).path).toBe(`C.${path}`);
  });

  test.each(cases(BAD_CONTROL))('control $path: $value', ({ path, value }) => {
    expect(errorOf(parseSegmentImportControl, change(control, path, value)).path).toBe(`C.${path}`);
  });

  test.each(['extra', 'inbox.extra', 'work.extra', 'rows.extra', 'target.extra'])('a key too many: %s', (path) => {
    expect(errorOf(parseSegmentPrepare, change(prepare, path, 1)).message).toBe(`C.${path}: unknown key`);
  });
});

import { gzipSync } from 'node:zlib';
import { Content, givenLists, prepareConfig } from '../support/segment-import';

const KEY = 'segments/VIP.csv';
/** In the shape of https://docs.aws.amazon.com/pinpoint/latest/userguide/segments-importing.html */
const CSV = `ChannelType,Address,Location.Country,Demographic.Platform,Demographic.Make,User.UserId
SMS,+16045550182,CA,Android,LG,example-user-id-1
EMAIL,john.stiles@example.com,US,iOS,Apple,example-user-id-2
`;
const PREPARED = `ChannelType,Address,Location.Country,Demographic.Platform,Demographic.Make,User.UserId,Id
SMS,+16045550182,CA,Android,LG,example-user-id-1,example-user-id-1:SMS
EMAIL,john.stiles@example.com,US,iOS,Apple,example-user-id-2,example-user-id-2:EMAIL
`;
const NDJSON = '{"ChannelType":"SMS","Address":"+16045550182","User":{"UserId":"u1"},"Attributes":{"Ride":["Bus"]}}\n';

const only = (written: Map<string, string>) => [...written.values()][0];

/** Prepares one list and tells what came of it. */
async function prepared(content: Content, config = prepareConfig(), key = KEY) {
  const world = givenLists({ [key]: content }, config);
  const answer = await world.prepare(key);
  const of = (area: string) => [...world.written].filter(([name]) => name.startsWith(area)).map(([, text]) => text);
  return { answer, files: of('prepared/'), rejects: of('rejects/').flatMap((text) => text.trim().split('\n').map((line) => JSON.parse(line))), world };
}

describe('what is read', () => {
  test('CSV keeps its form and gets the ids of CdpEndpointSync', async () => {
    const { answer, files } = await prepared(CSV);
    expect(files).toEqual([PREPARED]);
    expect(answer).toEqual({
      status: 'ready',
      importId: expect.stringMatching(/^20261123T100000Z-[0-9a-f]{16}$/),
      segment: 'VIP',
      order: { time: '2026-11-23T10:00:00Z', key: KEY, sequencer: '617f08299329d189' },
      source: { bucket: 'lists', key: KEY, etag: 'b1946ac92492d2347c6235b4d2611184' },
      url: `s3://work/w/prepared/${answer.importId}/attempt/`,
      format: 'CSV',
      files: 1,
      bytes: PREPARED.length,
      rows: { accepted: 2, rejected: 0, reasons: {}, cuts: {} },
    });
  });

  test.each<[string, Content]>([
    ['a byte order mark', `\uFEFF${CSV}`],
    ['gzip, whatever the name says', gzipSync(CSV)],
    ['gzip with a byte order mark inside', gzipSync(`\uFEFF${CSV}`)],
    ['several gzip members', Buffer.concat([gzipSync(CSV.slice(0, 100)), gzipSync(CSV.slice(100))])],
    ['CRLF', CSV.replaceAll('\n', '\r\n')],
    ['lines of two systems, first CRLF', CSV.replace('\n', '\r\n')],
    ['lines of two systems, first LF', CSV.replace('\n', '\0').replace('\n', '\r\n').replace('\0', '\n')],
    ['lines of an old system', CSV.replaceAll('\n', '\r')],
    ['empty lines', CSV.replaceAll('\n', '\n\n')],
    ['no end of the last line', CSV.trimEnd()],
    ['quoted values', CSV.replaceAll('john.stiles@example.com', '"john.stiles@example.com"')],
  ])('%s changes nothing', async (_, content) => {
    expect((await prepared(content)).files).toEqual([PREPARED]);
  });

  test.each([1, 2, 3, 64, 10_000])('in chunks of %d bytes', async (chunk) => {
    const world = givenLists({ [KEY]: Buffer.from(`\uFEFF${CSV.replace('LG', 'Größe')}`) }, prepareConfig(), chunk);
    await world.prepare(KEY);
    expect(only(world.written)).toBe(PREPARED.replace('LG', 'Größe'));
  });

  test.each<[string, Content]>([
    ['plain', NDJSON], ['gzip', gzipSync(NDJSON)], ['a byte order mark', `\uFEFF${NDJSON}`], ['white space before it', `\n  ${NDJSON}\n`],
  ])('newline-delimited JSON, %s', async (_, content) => {
    const { answer, files } = await prepared(content);
    expect(answer).toMatchObject({ status: 'ready', format: 'JSON', rows: { accepted: 1 } });
    expect(files).toEqual(['{"Id":"u1:SMS","ChannelType":"SMS","Address":"+16045550182","Attributes":{"Ride":["Bus"]},"User":{"UserId":"u1"}}\n']);
  });

  test("a CDP's own header, its channel and its country", async () => {
    const config = prepareConfig({
      columns: { 'E-mail': 'Address', 'customer': 'User.UserId', 'tier': 'User.UserAttributes.Tier' }, ignoredColumns: ['row'], defaultChannel: 'EMAIL',
    });
    const { files } = await prepared('row,E-mail,customer,tier\n1,ann@example.com,Ann,"gold, ""top"""\n', config);
    expect(files).toEqual(['Address,User.UserId,User.UserAttributes.Tier,Id,ChannelType\nann@example.com,Ann,"gold, ""top""",~41nn:EMAIL,EMAIL\n']);
  });

  test('telephone numbers become E.164 by the default country', async () => {
    const { files } = await prepared('ChannelType,Address,User.UserId\nSMS,12065550182,u\nsms,(206) 555-0142,v\n', prepareConfig({ defaultCountry: 'US' }));
    expect(files).toEqual(['ChannelType,Address,User.UserId,Id\nSMS,+12065550182,u,u:SMS\nSMS,+12065550142,v,v:SMS\n']);
  });

  test('an Id that is there is kept; EffectiveDate and EndpointStatus are left to the service', async () => {
    const { files } = await prepared('Id,ChannelType,Address,User.UserId,EffectiveDate\n111,CUSTOM,15550100,user1,2026-01-01T00:00:00Z\n');
    expect(files).toEqual(['Id,ChannelType,Address,User.UserId\n111,CUSTOM,15550100,user1\n']);
  });

  test('a repeated attribute column holds several values', async () => {
    const { files } = await prepared('Id,Attributes.a,Attributes.a\n1,x,y\n');
    expect(files).toEqual(['Id,Attributes.a,Attributes.a\n1,x,y\n']);
  });
});

describe('a list that can not be used', () => {
  test.each<[string, string, Content]>([
    ['EmptyFile', 'nothing in it', ''],
    ['NoRows', 'a header alone', 'Id,Address\n'],
    ['NoRows', 'white space', '\n \n'],
    ['NoRows', 'no row left', 'ChannelType,Address,User.UserId\nEMAIL,nowhere,u\n'],
    ['UnknownColumn', 'a column that is none', 'Id,email\n1,a@example.com\n'],
    ['UnknownColumn', 'the case of a name', 'Id,address\n1,a@example.com\n'],
    ['UnknownFormat', 'a JSON array', '[{"Id":"1"}]\n'],
    ['InvalidColumn', 'an attribute without a name', 'Id,Attributes.\n1,2\n'],
    ['InvalidColumn', 'a character that attributes can not have', 'Id,Attributes.a:b\n1,2\n'],
    ['InvalidColumn', '51 characters', `Id,Attributes.${'n'.repeat(51)}\n1,2\n`],
    ['DuplicateColumn', 'two addresses', 'Id,Address,Address\n1,2,3\n'],
    ['MissingColumn', 'neither id nor user', 'ChannelType,Address\nEMAIL,a@example.com\n'],
    ['MissingColumn', 'no address', 'User.UserId\nu\n'],
    ['TooManyAttributes', '251 names', `Id,${Array.from({ length: 251 }, (_, n) => `Attributes.a${n}`).join(',')}\n`],
    ['TooManyValues', '51 values', `Id,${Array.from({ length: 51 }, () => 'Attributes.a').join(',')}\n`],
    ['InvalidCsv', 'a quotation mark in the middle', 'Id,Address\n1,a"b"\n'],
    ['InvalidCsv', 'a quotation mark that is never closed', 'Id,Address\n1,"ab\n'],
    ['InvalidGzip', 'half a gzip', gzipSync(CSV).subarray(0, 60)],
    ['UnknownFormat', 'a ZIP archive', 'PK\x03\x04 and so on'],
    ['UnknownFormat', 'UTF-16 without a byte order mark', Buffer.from(CSV, 'utf16le')],
    ['UnknownFormat', 'gzip within gzip', gzipSync(gzipSync(CSV))],
    ['UnknownFormat', 'Zstandard', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 1])],
    ['UnknownFormat', 'UTF-16', Buffer.from(`\uFEFF${CSV}`, 'utf16le')],
  ])('%s: %s', async (code, _, content) => {
    const { answer } = await prepared(content);
    expect(answer).toMatchObject({ status: 'failed', code, segment: 'VIP', reason: expect.any(String) });
  });

  test.each([
    ['50 characters', `Id,Attributes.${'n'.repeat(50)}\n1,2\n`],
    ['250 names', `Id,${Array.from({ length: 250 }, (_, n) => `Attributes.a${n}`).join(',')}\n1,${Array.from({ length: 250 }, () => 'x').join(',')}\n`],
    ['50 values', `Id,${Array.from({ length: 50 }, () => 'Attributes.a').join(',')}\n1,${Array.from({ length: 50 }, () => 'x').join(',')}\n`],
  ])('%s are within the limit', async (_, content) => {
    expect((await prepared(content)).answer).toMatchObject({ status: 'ready' });
  });

  test('what was begun is abandoned', async () => {
    const { files, world } = await prepared('Id,Address\n1,a"b"\n');
    expect(files).toEqual([]);
    expect(world.abandoned).toEqual([expect.stringMatching(/^prepared\/.*\/00000\.csv$/)]);
  });

  test.each([[PREPARED.length, 'ready'], [PREPARED.length - 1, 'failed']])('of %d bytes at most: %s', async (bytes, status) => {
    const world = givenLists({ [KEY]: CSV }, prepareConfig(), 7, bytes);
    expect(await world.prepare(KEY)).toMatchObject({ status, ...status === 'failed' && { code: 'ExportTooLarge' } });
  });
});

describe('rows that can not be used', () => {
  test.each([
    ['InvalidAddress', 'EMAIL,nowhere,u,NONE'],
    ['InvalidAddress', 'SMS,12065550182,u,NONE'],
    ['InvalidChannelType', 'FAX,1,u,NONE'],
    ['InvalidOptOut', 'EMAIL,a@example.com,u,maybe'],
    ['InvalidUserId', 'EMAIL,a@example.com,${u},NONE'],
    ['NoId', 'EMAIL,a@example.com,,NONE'],
    ['NoAddress', 'EMAIL,,u,NONE'],
    ['NoChannelType', ',a@example.com,u,NONE'],
    ['WrongColumnCount', 'EMAIL,a@example.com,u'],
    ['WrongColumnCount', 'EMAIL,a@example.com,u,NONE,more'],
  ])('%s: %s', async (code, row) => {
    const { answer, files, rejects } = await prepared(`ChannelType,Address,User.UserId,OptOut\nEMAIL,ok@example.com,ok,NONE\n${row}\n`);
    expect(answer).toMatchObject({ status: 'ready', rows: { accepted: 1, rejected: 1, reasons: { [code]: 1 } }, rejects: `s3://work/w/rejects/VIP/${answer.importId}.ndjson` });
    expect(files[0].trim().split('\n')).toHaveLength(2);
    expect(rejects).toEqual([{ file: KEY, line: 3, code, reason: expect.any(String), row: row.split(',') }]);
  });

  test.each([
    ['InvalidJson', '{"Id":'], ['NotAnObject', '7'], ['UnknownMember', '{"Id":"1","email":"a@example.com"}'], ['NotText', '{"Id":1}'],
    ['NotAnObject', '{"Id":"1","User":"u"}'], ['NoAddress', '{"User":{"UserId":"u"}}'],
    ['EndpointTooLarge', JSON.stringify({ Id: '1', Attributes: Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`a${n}`, ['x'.repeat(90)]])) })],
  ])('%s: %s', async (code, line) => {
    const { answer, rejects } = await prepared(`{"Id":"0"}\n${line}\n`);
    expect(answer).toMatchObject({ status: 'ready', rows: { accepted: 1, reasons: { [code]: 1 } } });
    expect(rejects).toEqual([expect.objectContaining({ line: 2, code, row: line })]);
  });

  test('line breaks, tabs and what is not UTF-8', async () => {
    const content = Buffer.concat([Buffer.from('Id,Attributes.a\n0,ok\n1,"a\nb"\n2,a\tb\n3,M'), Buffer.from([0xe4]), Buffer.from('rz\n')]);
    const { answer, rejects } = await prepared(content);
    expect(answer.rows).toMatchObject({ accepted: 1, reasons: { LineBreak: 2, NotUtf8: 1 } });
    expect(rejects.map(({ line }) => line)).toEqual([4, 5, 6]);
  });

  const bad = (count: number) => `ChannelType,Address,User.UserId\nEMAIL,ok@example.com,ok\n${'EMAIL,nowhere,u\n'.repeat(count)}`;

  test('1,000 of them are left out', async () => {
    const { answer, rejects } = await prepared(bad(1000));
    expect(answer).toMatchObject({ status: 'ready', rows: { accepted: 1, rejected: 1000, reasons: { InvalidAddress: 1000 } } });
    expect(rejects).toHaveLength(1000);
  });

  test('1,001 end the import, and each is still told', async () => {
    const { answer, files, rejects } = await prepared(bad(1001));
    expect(answer).toMatchObject({ status: 'failed', code: 'TooManyRejectedRows', rows: { rejected: 1001 } });
    expect(files).toEqual([]);
    expect(rejects).toHaveLength(1001);
  });

  test('none may be', async () => {
    expect((await prepared(bad(1), prepareConfig({ maxRejectedRows: 0 }))).answer).toMatchObject({ status: 'failed', code: 'TooManyRejectedRows' });
    expect((await prepared(bad(0), prepareConfig({ maxRejectedRows: 0 }))).answer).toMatchObject({ status: 'ready' });
  });

  test('what an endpoint can not hold is left out and counted', async () => {
    const { answer, files } = await prepared('{"Id":"1","User":{"UserAttributes":{"a":["x"]}},"Location":{"City":true,"Country":null},"Demographic":{"Make":["LG"]}}\n');
    expect(answer.rows.cuts).toEqual({ UserAttributesWithoutUserId: 1, NotText: 2 });
    expect(files).toEqual(['{"Id":"1"}\n']);
  });

  test('values beyond their limits are cut and counted', async () => {
    const { answer, files } = await prepared(`Id,Attributes.a,Metrics.m,Location.Country\n1,${'x'.repeat(101)},many,Germany\n2,${'x'.repeat(100)},7,de\n`);
    expect(answer.rows.cuts).toEqual({ ValueShortened: 1, NotANumber: 1, InvalidCountry: 1 });
    expect(files[0]).toBe(`Id,Attributes.a,Metrics.m,Location.Country\n1,${'x'.repeat(100)},,\n2,${'x'.repeat(100)},7,DE\n`);
  });
});

describe('keys', () => {
  test.each([
    ['segments/VIP.csv', 'VIP'],
    ['segments/VIP+list (März).csv', 'VIP+list (März)'],
    ['segments/VIP%20list.csv.gz', 'VIP%20list'],
    ['segments/a.b.ndjson', 'a.b'],
    ['segments/VIP/2026-11-23.csv', 'VIP'],
    ['segments/VIP/run=1/part-0000', 'VIP'],
  ])('%s is segment %s', async (key, segment) => {
    expect((await prepared(CSV, prepareConfig(), key)).answer).toMatchObject({ status: 'ready', segment });
  });

  test.each([
    ['segments/', 'Folder'], ['segments/VIP/', 'Folder'], ['segments/readme.txt', 'NotAList'], ['segments/.csv', 'Hidden'], ['segments/VIP/_SUCCESS', 'Hidden'],
    ['segments/VIP/.part.crc', 'Hidden'], ['segments/VIP/_temporary/0/part-0000.csv', 'Hidden'], ['segments/_temporary/part-0000.csv', 'Hidden'],
    ['segments/VIP/_delta_log/0000.json', 'Hidden'], ['segments/../x.csv', 'Hidden'], ['segments/VIP/./x.csv', 'Hidden'], ['other/VIP.csv', 'OutsideThePrefix'], ['segments//x.csv', 'NoSegment'],
  ])('%s is ignored: %s', async (key, reason) => {
    const { answer, world } = await prepared(CSV, prepareConfig(), key);
    expect(answer).toEqual({ status: 'ignored', reason });
    expect(world.written.size).toBe(0);
  });
});

test.each([[512, 'ready'], [513, 'failed']])('a name of %d bytes: %s', async (bytes, status) => {
  const { answer } = await prepared(CSV, prepareConfig(), `segments/${'ä'.repeat(Math.floor(bytes / 2))}${'x'.repeat(bytes % 2)}.csv`);
  expect(answer).toMatchObject({ status, ...status === 'failed' && { code: 'SegmentNameTooLong' } });
});

describe('an export of many files', () => {
  const config = prepareConfig({}, { exportMarker: '_SUCCESS' });
  const FOLDER = {
    'segments/VIP/run=1/part-0000.csv': 'Id\n1\n',
    'segments/VIP/run=1/part-0001.csv': gzipSync('Id,Attributes.a\n2,x\n'),
    'segments/VIP/run=1/part-0002.csv': '',
    'segments/VIP/run=1/part-0003.csv': 'Id\n',
    'segments/VIP/run=1/.part-0000.csv.crc': 'x',
    'segments/VIP/run=1/_SUCCESS': '',
    'segments/VIP/run=0/part-0000.csv': 'Id\n3\n',
  };

  test('waits for its marker, and is then one list', async () => {
    const world = givenLists(FOLDER, config);
    expect(await world.prepare('segments/VIP/run=1/part-0000.csv')).toEqual({ status: 'ignored', reason: 'WaitsForMarker' });
    const answer = await world.prepare('segments/VIP/run=1/_SUCCESS');
    expect(answer).toMatchObject({ status: 'ready', segment: 'VIP', files: 2, rows: { accepted: 2 } });
    expect([...world.written]).toEqual([
      [`prepared/${answer.importId}/attempt/00000.csv`, 'Id\n1\n'], [`prepared/${answer.importId}/attempt/00001.csv`, 'Id,Attributes.a\n2,x\n'],
    ]);
  });

  test('a marker that is no hidden file is not part of the list', async () => {
    const world = givenLists({ 'segments/VIP/part-0.csv': 'Id\n1\n', 'segments/VIP/manifest.json': '{"files":["part-0.csv"]}' }, prepareConfig({}, { exportMarker: 'manifest.json' }));
    expect(await world.prepare('segments/VIP/manifest.json')).toMatchObject({ status: 'ready', format: 'CSV', files: 1, rows: { accepted: 1, rejected: 0 } });
  });

  test('folders that tools keep for themselves are none of it', async () => {
    expect(await givenLists({ 'segments/VIP/_temporary/_SUCCESS': '' }, config).prepare('segments/VIP/_temporary/_SUCCESS')).toEqual({ status: 'ignored', reason: 'Hidden' });
  });

  test('a file directly below the prefix is still a list by itself', async () => {
    expect(await givenLists({ 'segments/VIP.csv': CSV }, config).prepare('segments/VIP.csv')).toMatchObject({ status: 'ready', segment: 'VIP' });
  });

  test.each([
    ['EmptyFile', { 'segments/VIP/_SUCCESS': '' }],
    ['MixedFormats', { 'segments/VIP/a.csv': 'Id\n1\n', 'segments/VIP/b.json': '{"Id":"2"}\n', 'segments/VIP/_SUCCESS': '' }],
    ['SourceChanged', { 'segments/VIP/a.csv': 'Id\n1\n', 'segments/VIP/changed': 'Id\n1\n', 'segments/VIP/_SUCCESS': '' }],
    ['ExportTooLarge', Object.fromEntries([['segments/VIP/_SUCCESS', ''], ...Array.from({ length: 10_001 }, (_, n) => [`segments/VIP/${n}`, 'Id\n1\n'])])],
  ])('%s', async (code, contents) => {
    expect(await givenLists(contents, config).prepare('segments/VIP/_SUCCESS')).toMatchObject({ status: 'failed', code });
  });
});

describe('notifications', () => {
  test('a second delivery finds the claim of the first; the first may come back', async () => {
    const world = givenLists({ [KEY]: CSV });
    expect(await world.prepare(KEY)).toMatchObject({ status: 'ready' });
    expect(await world.prepare(KEY)).toMatchObject({ status: 'ready' });
    expect(await world.prepare(KEY, { execution: 'execution-2' })).toMatchObject({ status: 'duplicate' });
    expect(world.written.size).toBe(1);
  });

  test('two files in one second, and two versions of one file, are imports of their own', async () => {
    const world = givenLists({ [KEY]: CSV, 'segments/Other.csv': CSV });
    const ids = [
      await world.prepare(KEY), await world.prepare('segments/Other.csv', { execution: 'execution-2' }),
      await world.prepare(KEY, { object: { sequencer: '617f08299329d18a' }, execution: 'execution-3' }),
      await world.prepare(KEY, { object: { etag: 'other' }, execution: 'execution-4' }),
    ].map(({ importId }) => importId);
    expect(new Set(ids).size).toBe(4);
  });

  test.each([['CSV', 'segments/VIP.csv']])('a connection that breaks in the middle is tried again, and leaves nothing: %s', async (_, key) => {
    const world = givenLists({ [key]: Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }) });
    await expect(world.prepare(key)).rejects.toMatchObject({ name: 'RetryableError' });
    expect([...world.written]).toEqual([]);
  });

  test('a file that was written anew before it was read leaves the field to its own notification', async () => {
    expect(await givenLists({ [KEY]: CSV }).prepare(KEY, { object: { etag: 'changed' } })).toMatchObject({ status: 'superseded', segment: 'VIP' });
  });

  test('each attempt writes where no other did', async () => {
    const outputs: string[] = [];
    const attempt = async () => {
      const world = givenLists({ [KEY]: CSV }, prepareConfig(), 7, undefined, null);
      outputs.push((await world.prepare(KEY)).url);
    };
    await attempt();
    await attempt();
    expect(new Set(outputs).size).toBe(2);
  });

  test('anything but a notification is refused loudly', async () => {
    const world = givenLists({});
    await expect(world.prepare(undefined as unknown as string)).rejects.toThrow('not an "Object Created" event');
  });
});

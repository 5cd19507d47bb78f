import { CreateImportJobCommand, GetImportJobCommand } from '@aws-sdk/client-pinpoint';
import { APP_ID, Harness, ROLE, startPinpoint } from './pinpoint-harness';
import { Statement } from '../../local/iam/policy';
import { BadRequest } from '../../local/services/pinpoint/errors';
import { ImportAccess } from '../../local/services/pinpoint/import-jobs';

const APP = `arn:aws:mobiletargeting:us-east-1:111122223333:apps/${APP_ID}`;
const IMPORT_ROLE = 'arn:aws:iam::111122223333:role/Import';
const create = (request: object = {}) => new CreateImportJobCommand({
  ApplicationId: APP_ID, ImportJobRequest: { Format: 'CSV', S3Url: 's3://work/prepared/1/', RoleArn: IMPORT_ROLE, DefineSegment: true, SegmentName: 'VIP', ...request },
});
const STUCK: ImportAccess = { checkRole: () => undefined, read: async () => [], outcome: () => 'stuck' };

let pinpoint: Harness | undefined;
const given = async (access: ImportAccess = STUCK, statements: readonly Statement[] = []): Promise<Harness> => pinpoint = await startPinpoint({ access, statements });
afterEach(async () => pinpoint?.close());

/** @see https://docs.aws.amazon.com/pinpoint/latest/developerguide/quotas.html, "Endpoint import quotas" */
test('ten jobs at once, and not one more', async () => {
  const { client, app } = await given();
  for (let count = 0; count < 10; count += 1) await client.send(create());
  await expect(client.send(create())).rejects.toMatchObject({ name: 'TooManyRequestsException', $metadata: { httpStatusCode: 429 } });
  expect(app.imports.active).toBe(10);
});

test('a job that has ended makes room', async () => {
  const { client, app } = await given({ ...STUCK, outcome: () => 'FAILED' });
  const jobs = [];
  for (let count = 0; count < 10; count += 1) jobs.push((await client.send(create())).ImportJobResponse!.Id!);
  while (app.imports.active > 0) await new Promise((resolve) => { setTimeout(resolve, 20); });
  const { ImportJobResponse } = await client.send(new GetImportJobCommand({ ApplicationId: APP_ID, JobId: jobs[0] }));
  expect(ImportJobResponse?.JobStatus).toBe('FAILED');
  await expect(client.send(create())).resolves.toBeDefined();
});

const ALLOW = { Effect: 'Allow', Action: 'mobiletargeting:CreateImportJob', Resource: APP } as const;
const passTo = (service: string, role = IMPORT_ROLE): Statement =>
  ({ Effect: 'Allow', Action: 'iam:PassRole', Resource: role, Condition: { StringEquals: { 'iam:PassedToService': [service, 'other.amazonaws.com'] } } });

test.each<[string, readonly Statement[], boolean]>([
  ['and to pass the role to the service', [ALLOW, passTo('pinpoint.amazonaws.com')], true],
  ['and to pass the role to another service', [ALLOW, passTo('lambda.amazonaws.com')], false],
  ['and to pass another role', [ALLOW, passTo('pinpoint.amazonaws.com', `${IMPORT_ROLE}2`)], false],
  ['alone', [ALLOW], false],
])('who may create jobs %s', async (_, statements, allowed) => {
  const { clientOf, recorder } = await given(STUCK, statements);
  const answer = clientOf(ROLE).send(create());
  if (allowed) {
    await expect(answer).resolves.toBeDefined();
    expect(recorder.denied).toEqual([]);
  } else {
    await expect(answer).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
    expect(recorder.denied).toEqual([{ construct: ROLE, action: 'iam:PassRole', resource: IMPORT_ROLE }]);
  }
});

test.each<[string, string, object, ImportAccess]>([
  ['a role that does not trust the service', 'BadRequestException', {}, { ...STUCK, checkRole: () => { throw new BadRequest('no trust'); } }],
  ['neither endpoints nor a segment', 'BadRequestException', { DefineSegment: false, RegisterEndpoints: false }, STUCK],
  ['a segment that is not there', 'NotFoundException', { SegmentId: 'none' }, STUCK],
  ['a place that is none', 'BadRequestException', { S3Url: 'https://work/x' }, STUCK],
])('%s is refused', async (_, name, request, access) => {
  const { client } = await given(access);
  await expect(client.send(create(request))).rejects.toMatchObject({ name });
});

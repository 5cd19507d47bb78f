import { App, Duration, Stack } from 'aws-cdk-lib';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { KinesisEventSource, S3OnFailureDestination } from 'aws-cdk-lib/aws-lambda-event-sources';
import * as s3 from 'aws-cdk-lib/aws-s3';

/** Does what each record says, to see what the local run makes of it. */
const CODE = `
exports.handler = async (event) => {
  const items = event.Records.map(({ kinesis }) => JSON.parse(Buffer.from(kinesis.data, 'base64').toString()));
  for (const { act } of items) {
    if (act === 'throw') throw new TypeError('boom');
    if (act === 'exit') process.exit(3);
    if (act === 'hang') await new Promise(() => setInterval(() => undefined, 1000));
    if (act === 'leave') await fetch('http://127.0.0.1:9').catch(() => console.log(Object.keys(process.env).sort().join(' ')));
  }
  return { batchItemFailures: event.Records.filter((_, index) => items[index].act === 'fail').map(({ kinesis }) => ({ itemIdentifier: kinesis.sequenceNumber })) };
};`;

const app = new App();
const stack = new Stack(app, 'Failing');
const bucket = new s3.Bucket(stack, 'Bucket');
const handler = new lambda.Function(stack, 'Handler', {
  runtime: lambda.Runtime.NODEJS_24_X,
  handler: 'index.handler',
  code: lambda.Code.fromInline(CODE),
  timeout: Duration.seconds(1),
});
handler.addEventSource(new KinesisEventSource(new kinesis.Stream(stack, 'Stream'), {
  startingPosition: lambda.StartingPosition.TRIM_HORIZON,
  batchSize: 10,
  bisectBatchOnError: true,
  retryAttempts: 1,
  reportBatchItemFailures: true,
  filters: [lambda.FilterCriteria.filter({ data: { skip: lambda.FilterRule.notExists() } })],
  onFailure: new S3OnFailureDestination(bucket),
}));
app.synth();

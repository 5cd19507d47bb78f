import { Duration, Lazy, Size } from 'aws-cdk-lib';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as ses from 'aws-cdk-lib/aws-ses';
import { CdpDestination, EngagementEventType, EngagementSource } from '../src';
import { APPLICATION_ID, givenFeedback, givenStack } from './support/synth';

describe('fails with', () => {
  const stack = givenStack();
  const bucket = new s3.Bucket(stack, 'Mine');
  const { EMAIL_OPEN } = EngagementEventType;

  test.each<[string, Parameters<typeof givenFeedback>[0], string]>([
    ['no type', { events: [] }, '`events` must name at least one type, and each once, got: []; leave it out for all types'],
    ['a type twice', { events: [EMAIL_OPEN, EMAIL_OPEN] }, '`events` must name at least one type'],
    ['only types that the source does not have', { events: [EngagementEventType.EMAIL_DELIVERY_DELAY] },
      '`events` must name a type that the source has, got: ["EMAIL_DELIVERY_DELAY"]; name other types or leave it out for all'],
    ['types of e-mails from a source of text messages', { source: EngagementSource.sms(), events: [EMAIL_OPEN, EngagementEventType.SMS_OPT_OUT] },
      '`events` must name a type that the source has'],
    ['an existing event stream without its stream',
      { source: EngagementSource.pinpoint({ applicationId: APPLICATION_ID, existingEventStream: true }) },
      '`stream` must be stated with `existingEventStream`'],
    ['too large a batch', { batchSize: 10_001 }, '`batchSize` must be a whole number from 1 to 10000, got: 10001'],
    ['an archive with a slash at its end', { archive: { prefix: 'raw/' } },
      "`archive.prefix` must be names of letters, digits and `-_.`, joined by slashes, got: 'raw/'; write it like 'archive/engagement'"],
    ['an archive that waits too long', { archive: { bufferInterval: Duration.minutes(16) } },
      '`archive.bufferInterval` must be whole seconds from 0 seconds to 15 minutes'],
    ['an archive that collects too little', { archive: { bufferSize: Size.kibibytes(100) } }, '`archive.bufferSize` must be whole MiB from 1 to 128'],
    ['an archive that collects too much', { archive: { bufferSize: Size.mebibytes(129) } }, '`archive.bufferSize` must be whole MiB from 1 to 128'],
    ['an expiration of a brought archive', { archive: { bucket, expiration: Duration.days(1) } },
      '`archive.bucket` and `archive.expiration` exclude each other'],
  ])('%s', (_, props, message) => {
    expect(() => givenFeedback(props)).toThrow(message);
  });

  test('a destination that is the stream it reads', () => {
    const own = givenStack();
    const stream = new kinesis.Stream(own, 'Mine');
    expect(() => givenFeedback({ stream, destination: CdpDestination.stream(stream) }, own)).toThrow(
      "`destination` must not be the stream that the construct reads, got: 'Stack/Mine'; bring another stream");
  });

  test('more headers than a variable can hold', () => {
    const headers = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`x-header-${index}`, 'v'.repeat(100)]));
    const destination = CdpDestination.http({ url: 'https://cdp.example.com', headers });
    expect(() => givenFeedback({ destination })).toThrow(/^`CDP_CONFIG` must have at most 4096 bytes.*write fewer or shorter `headers`$/);
  });

  test.each(['', 'arn:aws:mobiletargeting:eu-west-1:111122223333:apps/x', 'my app'])('the application id %p', (applicationId) => {
    expect(() => EngagementSource.pinpoint({ applicationId })).toThrow('`applicationId` must be the id of an application, letters and digits only');
  });

  test.each(['', 'user id', 'u'.repeat(201), 'ünser'])('the tag %p', (userIdTag) => {
    const configurationSet = ses.ConfigurationSet.fromConfigurationSetName(givenStack(), 'Set', 'x');
    expect(() => EngagementSource.ses({ configurationSet, userIdTag })).toThrow('`userIdTag` must have 1 to 200 letters, digits, `_` and `-`');
  });

  test('a key of the context or a name of a configuration set that the service does not take', () => {
    expect(() => EngagementSource.sms({ userIdContextKey: 'u'.repeat(101) })).toThrow('`userIdContextKey` must have 1 to 100 characters');
    expect(() => EngagementSource.sms({ configurationSetName: 'arn:aws:sms-voice:eu-west-1:111122223333:configuration-set/x' }))
      .toThrow('`configurationSetName` must have 1 to 64 letters, digits, `_` and `-`');
  });

  test('an endpoint id that can not be read in reverse', () => {
    expect(() => EngagementSource.pinpoint({ applicationId: 'x', endpointId: '{userId}{channel}' })).toThrow('`endpointId` must hold `{userId}`');
    const endpointId = Lazy.string({ produce: () => '{userId}:{channel}' });
    expect(() => EngagementSource.pinpoint({ applicationId: 'x', endpointId })).toThrow('`endpointId` must be known at synthesis');
  });
});

import type { KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';

/** The same numbers in every run (the minimal standard generator of Park and Miller), so that runs can be compared. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** Zipf's law, as of a CDP's live traffic: the most active user sends n times as much as the n-th. */
function zipf(users: number, random: () => number): () => number {
  const sums = new Float64Array(users);
  let sum = 0;
  for (let user = 0; user < users; user += 1) sums[user] = sum += 1 / (user + 1);
  return () => {
    const at = random() * sum;
    const user = sums.findIndex((limit) => at < limit);
    return user < 0 ? users - 1 : user;
  };
}

/** What analytics.js sends along. @see https://segment.com/docs/connections/spec/common/#context */
const CONTEXT = {
  ip: '203.0.113.7', locale: 'en-US', timezone: 'Europe/Amsterdam',
  userAgent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/113.0.0.0 Safari/537.36',
  userAgentData: {
    brands: [{ brand: 'Google Chrome', version: '113' }, { brand: 'Chromium', version: '113' }, { brand: 'Not-A.Brand', version: '24' }],
    mobile: false, platform: 'macOS',
  },
  library: { name: 'analytics.js', version: '2.11.1' },
  campaign: { name: 'Example Newsletter', source: 'Newsletter', medium: 'email', term: 'reports', content: 'image link' },
  page: { path: '/academy/', referrer: '', search: '', title: 'Analytics Academy', url: 'https://www.example.com/academy/' },
};

const envelope = (user: number, index: number) => ({
  userId: `user-${user}`, messageId: `message-${index}`, context: CONTEXT, integrations: {},
  timestamp: '2026-11-23T10:00:00.000Z', sentAt: '2026-11-23T10:00:00.100Z', receivedAt: '2026-11-23T10:00:00.200Z',
});

/** An identify call of the Segment spec: traits that it reserves and some of the company's own. Every third user has a telephone number. */
export function identify(user: number, index: number): object {
  return {
    type: 'identify', ...envelope(user, index),
    traits: {
      email: `user-${user}@example.com`, ...user % 3 === 0 && { phone: `+1206555${String(user % 10_000).padStart(4, '0')}` },
      firstName: 'Mary', lastName: 'Major',
      address: { city: 'Seattle', state: 'WA', postalCode: '98109', country: 'US' },
      plan: index % 2 ? 'premium' : 'basic', logins: index, newsletter: true, unsubscribed: false, favourites: ['music', 'books'],
    },
  };
}

export function track(user: number, index: number): object {
  return {
    type: 'track', ...envelope(user, index), event: 'Order Completed',
    properties: { orderId: `order-${index}`, total: 39.95, currency: 'USD', coupon: 'HELLO', products: ['hat', 'scarf'] },
  };
}

/** 10,000 messages: four identify calls to one track call, of 4,000 users. */
export function skewedMessages(count = 10_000, users = 4_000): object[] {
  const random = randomFrom(1);
  const next = zipf(users, random);
  return Array.from({ length: count }, (_, index) => {
    const user = next();
    return random() < 0.2 ? track(user, index) : identify(user, index);
  });
}

export function batches(messages: readonly object[], size = 1_000): KinesisStreamEvent[] {
  const records = messages.map(record);
  return Array.from({ length: Math.ceil(records.length / size) }, (_, index) => ({ Records: records.slice(index * size, (index + 1) * size) }));
}

function record(message: object, index: number): KinesisStreamRecord {
  const sequenceNumber = String(index + 1).padStart(56, '0');
  return {
    kinesis: {
      kinesisSchemaVersion: '1.0', partitionKey: (message as { userId: string }).userId, sequenceNumber,
      data: Buffer.from(JSON.stringify(message)).toString('base64'), approximateArrivalTimestamp: 1_795_000_000,
    },
    eventSource: 'aws:kinesis', eventVersion: '1.0', eventID: `shardId-000000000000:${sequenceNumber}`, eventName: 'aws:kinesis:record',
    invokeIdentityArn: 'arn:aws:iam::111122223333:role/handler', awsRegion: 'eu-west-1',
    eventSourceARN: 'arn:aws:kinesis:eu-west-1:111122223333:stream/stream',
  };
}

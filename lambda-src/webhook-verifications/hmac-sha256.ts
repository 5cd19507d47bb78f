import { forged, HEX, isSignedBy, missing } from './compare';
import type { Verification } from './index';
import type { HmacSha256Config } from '../../src/contract/webhook';
import { Refusal } from '../webhook/request';

/** Fourteen digits are in the year 3,000,000: no time of ours, and still exact as a number. */
const SECONDS = /^\d{1,14}$/;

/** `t=<seconds>,v1=<hex>`, where `v1` may stand several times while the sender rotates its key; other versions are ignored. */
export function hmacSha256({ header, toleranceSeconds }: HmacSha256Config): Verification {
  return {
    verify: ({ headers, body }, secrets, nowMillis) => {
      const value = headers[header];
      if (!value) return missing(header);
      const parts = value.split(',').map((part) => part.trim().split(/=(.*)/s));
      const [time, ...otherTimes] = parts.filter(([name]) => name === 't').map(([, text = '']) => text);
      if (time === undefined || otherTimes.length > 0 || !SECONDS.test(time)) return forged(header);
      const signatures = parts.filter(([name, text = '']) => name === 'v1' && HEX.test(text)).map(([, text]) => text);
      if (!isSignedBy(secrets, 'sha256', [`${time}.`, body], signatures)) return forged(header);
      const isInTime = Math.abs(nowMillis - Number(time) * 1000) <= toleranceSeconds * 1000;
      return isInTime ? undefined : new Refusal(401, 'OutsideWindow', `the time of the ${header} is not within ${toleranceSeconds} s of now`);
    },
  };
}

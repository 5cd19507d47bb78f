import { Rejection } from '../../runtime/errors';

// @see https://docs.aws.amazon.com/customerprofiles/latest/APIReference/API_PutProfileObject.html (Object, 1 to 256000 characters; the quota is
// 250 KB: https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html)
export const MAX_OBJECT_BYTES = 256_000;
/** Values of a profile's fields and attributes. @see https://docs.aws.amazon.com/customerprofiles/latest/APIReference/API_Profile.html */
export const MAX_VALUE_LENGTH = 255;
/** Values of a key. @see https://docs.aws.amazon.com/customerprofiles/latest/APIReference/API_SearchProfiles.html (Values) */
export const MAX_KEY_LENGTH = 255;

export type Cut = (reason: string) => void;

/** What is a key must be there in whole. */
export function checkKey(value: string, member: string): void {
  if (value === '' || value.length > MAX_KEY_LENGTH) throw new Rejection('InvalidId', `${member} is empty or has more than ${MAX_KEY_LENGTH} characters`);
}

/** Cut by characters, not by halves of a surrogate pair. */
export function fitValue(value: string, cut: Cut): string {
  if (value.length <= MAX_VALUE_LENGTH) return value;
  cut('AttributeValueShortened');
  return value.slice(0, MAX_VALUE_LENGTH).replace(/\p{Surrogate}$/u, '');
}

export function checkSize(object: string): string {
  const bytes = Buffer.byteLength(object);
  if (bytes > MAX_OBJECT_BYTES) throw new Rejection('ObjectTooLarge', `the object has ${bytes} bytes, at most ${MAX_OBJECT_BYTES} are allowed`);
  return object;
}

import type { TraitRule } from '../../src/contract/trait-mapping';

/** Who never subscribed is not written to either. */
const SUBSCRIPTION = { SUBSCRIBED: 'NONE', UNSUBSCRIBED: 'ALL', DID_NOT_SUBSCRIBE: 'ALL' } as const;

/**
 * What becomes of the traits that the CDPs' specs reserve, unless a rule of the user's names the trait.
 * A later rule wins, so a trait of the user wins over the context of the message.
 * @see https://segment.com/docs/connections/spec/identify/#traits
 */
export const DEFAULT_RULES: readonly TraitRule[] = [
  { to: 'address', trait: 'email', channel: 'EMAIL' },
  { to: 'address', trait: 'phone', channel: 'SMS' },
  { to: 'userAttribute', trait: 'firstName', name: 'FirstName' },
  { to: 'userAttribute', trait: 'lastName', name: 'LastName' },
  { to: 'userAttribute', trait: 'name', name: 'Name' },
  { to: 'location', trait: 'address.city', field: 'City' },
  { to: 'location', trait: 'address.state', field: 'Region' },
  { to: 'location', trait: 'address.postalCode', field: 'PostalCode' },
  { to: 'location', trait: 'address.country', field: 'Country' },
  { to: 'demographic', trait: 'context.locale', field: 'Locale' },
  { to: 'demographic', trait: 'context.timezone', field: 'Timezone' },
  { to: 'demographic', trait: 'locale', field: 'Locale' },
  { to: 'demographic', trait: 'timezone', field: 'Timezone' },
  // A subscription to the messages of a channel leaves nothing to be guessed, other than consent.
  { to: 'optOut', trait: 'subscriptions.EMAIL', channels: ['EMAIL'], values: SUBSCRIPTION },
  { to: 'optOut', trait: 'subscriptions.SMS', channels: ['SMS'], values: SUBSCRIPTION },
];

/** The context path that stands for the device rule; a rule of the user's for it switches that rule off. */
export const DEVICE_TOKEN = 'context.device.token';

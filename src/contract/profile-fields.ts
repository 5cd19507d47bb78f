/**
 * Names of what the object type of the users carries, in the object and in the profile: the construct writes the mapping, the handler the objects.
 */

/** Addresses of a user by kind. Each has a field of the profile as far as there are any, else an attribute of this name.
 * @see https://docs.aws.amazon.com/customerprofiles/latest/APIReference/API_Profile.html */
export const ADDRESS_FIELDS = {
  email: ['EmailAddress', 'PersonalEmailAddress', 'BusinessEmailAddress', 'EmailAddress_4', 'EmailAddress_5'],
  phone: ['PhoneNumber', 'HomePhoneNumber', 'MobilePhoneNumber', 'BusinessPhoneNumber', 'PhoneNumber_5', 'PhoneNumber_6'],
  device: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((position) => `DeviceToken_${position}`),
} as const;
export type AddressKind = keyof typeof ADDRESS_FIELDS;

/** Fields of the profile itself; everything else that is written is an attribute. */
export const STANDARD_EMAIL_FIELDS = 3;
export const STANDARD_PHONE_FIELDS = 4;

/** What is known of an address, as attributes named after its field: `OptOut_EmailAddress`. */
export const ADDRESS_FACTS = ['OptOut', 'EndpointStatus', 'EndpointId', 'ChannelType'] as const;
export type AddressFact = typeof ADDRESS_FACTS[number];
export const factName = (fact: AddressFact, field: string): string => `${fact}_${field}`;

/** User attributes that a profile has a field for. */
export const NAME_FIELDS = ['FirstName', 'LastName'] as const;

/** Members of a location that a profile's address has. Which of County, State and Province takes a region, AWS's own tools do not agree on. */
export const ADDRESS_MEMBERS = { City: 'City', Country: 'Country', PostalCode: 'PostalCode', Region: 'Province' } as const;

export const coordinateName = (coordinate: 'Latitude' | 'Longitude'): string => `Location_${coordinate}`;
export const demographicName = (field: string): string => `Demographic_${field}`;
export const attributeName = (attribute: string): string => `Attributes_${attribute}`;
export const metricName = (metric: string): string => `Metrics_${metric}`;

/** The id of the user: the one key by which a profile is found. */
export const USER_KEY = 'cdpUserId';
export const EVENT_KEY = 'cdpEventId';

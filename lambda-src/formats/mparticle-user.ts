import { isObject, scalar, setOwn } from '../mapping/values';

type Body = Readonly<Record<string, unknown>>;

/** Names that SDKs write without their underscore. */
const WITH_UNDERSCORE: Readonly<Record<string, string>> = { customerid: 'customer_id', mobilenumber: 'mobile_number' };

/** An object by type towards mParticle, a list of `{ identity_type, identity }` from it. */
export function identitiesOf(raw: unknown): Body {
  const pairs: [unknown, unknown][] = Array.isArray(raw)
    ? raw.filter(isObject).map((item) => [item.identity_type, item.identity]) : Object.entries(isObject(raw) ? raw : {});
  const into: Record<string, unknown> = {};
  for (const [type, identity] of pairs) {
    const name = (scalar(type) ?? '').toLowerCase();
    setOwn(into, Object.hasOwn(WITH_UNDERSCORE, name) ? WITH_UNDERSCORE[name] : name, identity);
  }
  return into;
}

/**
 * Reserved attributes and the traits that they are, in any case: the JSON reference writes `$firstname`, the SDKs `$FirstName`.
 * @see https://docs.mparticle.com/developers/apis/json-reference/#user_attributes
 * @see https://docs.mparticle.com/developers/client-sdks/android/users/#reserved-attributes
 */
const RESERVED: Readonly<Record<string, string>> = {
  $firstname: 'firstName', $lastname: 'lastName', $mobile: 'phone', $gender: 'gender', $age: 'age',
};
const RESERVED_ADDRESS: Readonly<Record<string, string>> = {
  $address: 'street', $city: 'city', $state: 'state', $zip: 'postalCode', $country: 'country',
};

/**
 * The value of an attribute that is there: null marks a tag, a label that the user has or has not.
 * @see https://docs.mparticle.com/developers/client-sdks/android/users/#set-user-tags
 */
export const attributeValue = (value: unknown): unknown => value === null ? true : value;

/** Sets an attribute, null for one that was deleted, as the trait that it is. */
export function putAttribute(traits: Record<string, unknown>, name: string, value: unknown): void {
  const reserved = name.startsWith('$') ? name.toLowerCase() : '';
  const { address } = traits;
  if (Object.hasOwn(RESERVED_ADDRESS, reserved)) traits.address = { ...isObject(address) && address, [RESERVED_ADDRESS[reserved]]: value };
  else setOwn(traits, Object.hasOwn(RESERVED, reserved) ? RESERVED[reserved] : name, value);
}

/** Attributes and identities as traits; a deleted attribute is null. An identity wins over an attribute of the same meaning. */
export function userTraits(body: Body, identities: Body): { traits: Body; addresses: Body } {
  const traits: Record<string, unknown> = {};
  const deleted = Array.isArray(body.deleted_user_attributes) ? body.deleted_user_attributes : [];
  for (const name of deleted) if (typeof name === 'string') putAttribute(traits, name, null);
  const attributes = isObject(body.user_attributes) ? body.user_attributes : {};
  for (const name in attributes) putAttribute(traits, name, attributeValue(attributes[name]));
  const addresses: Record<string, unknown> = {};
  const { email, mobile_number: phone } = identities;
  if (email !== undefined) addresses.email = email;
  if (phone !== undefined) addresses.phone = phone;
  return { traits: { ...traits, ...addresses }, addresses };
}

/**
 * Consent by regulation and purpose as `consent.gdpr.<purpose>` and `consent.ccpa.<purpose>`: which purpose stands for messages is
 * for a rule to say. For `ccpa.data_sale_opt_out`, `true` is an opt-out of the sale of data.
 * @see https://docs.mparticle.com/developers/apis/json-reference/
 */
export function consentTraits(state: unknown): Body {
  const consent: Record<string, Record<string, unknown>> = {};
  for (const regulation of ['gdpr', 'ccpa']) {
    const purposes = isObject(state) ? state[regulation] : undefined;
    for (const [purpose, given] of Object.entries(isObject(purposes) ? purposes : {})) {
      if (isObject(given) && typeof given.consented === 'boolean') setOwn<unknown>(consent[regulation] ??= {}, purpose, given.consented);
    }
  }
  return Object.keys(consent).length > 0 ? { consent } : {};
}

/** The device in the words of the neutral context. */
export function deviceContext(body: Body): Body {
  const device = isObject(body.device_info) ? body.device_info : {};
  const app = isObject(body.application_info) ? body.application_info : {};
  const language = scalar(device.locale_language);
  const country = scalar(device.locale_country);
  return {
    device: { type: device.platform ?? app.os, id: body.mp_deviceid ?? device.ios_idfv ?? device.android_uuid, token: device.push_token,
      manufacturer: device.device_manufacturer, model: device.device_model },
    os: { name: device.platform, version: device.os_version ?? device.build_version_release },
    app: { version: app.application_version },
    ...language !== undefined && { locale: country === undefined ? language : `${language}-${country}` },
  };
}

import { isObject, scalar, setOwn } from '../mapping/values';

type Body = Readonly<Record<string, unknown>>;

/** Names that SDKs write without their underscore. */
const WITH_UNDERSCORE: Readonly<Record<string, string>> = { customerid: 'customer_id', mobilenumber: 'mobile_number', phonenumber: 'phone_number' };

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

/** Reserved attributes and the traits that they are. @see https://docs.mparticle.com/developers/apis/json-reference/ */
const RESERVED: Readonly<Record<string, string>> = {
  $FirstName: 'firstName', $LastName: 'lastName', $Mobile: 'phone', $Gender: 'gender', $Age: 'age',
};
const RESERVED_ADDRESS: Readonly<Record<string, string>> = {
  $Address: 'street', $City: 'city', $State: 'state', $Zip: 'postalCode', $Country: 'country',
};

/** Attributes and identities as traits; a deleted attribute is null. An identity wins over an attribute of the same meaning. */
export function userTraits(body: Body, identities: Body): { traits: Body; addresses: Body } {
  const traits: Record<string, unknown> = {};
  const address: Record<string, unknown> = {};
  const put = (name: string, value: unknown) => {
    if (Object.hasOwn(RESERVED_ADDRESS, name)) address[RESERVED_ADDRESS[name]] = value;
    else setOwn(traits, Object.hasOwn(RESERVED, name) ? RESERVED[name] : name, value);
  };
  const deleted = Array.isArray(body.deleted_user_attributes) ? body.deleted_user_attributes : [];
  for (const name of deleted) if (typeof name === 'string') put(name, null);
  for (const [name, value] of Object.entries(isObject(body.user_attributes) ? body.user_attributes : {})) put(name, value);
  if (Object.keys(address).length > 0) traits.address = address;
  const addresses: Record<string, unknown> = {};
  const email = identities.email;
  const phone = identities.mobile_number ?? identities.phone_number;
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

import { TraitRule } from './contract/trait-mapping';
import { ruleName, rulePath, ruleValues } from './private/trait-rules';

/**
 * Channels of an endpoint.
 *
 * @see https://docs.aws.amazon.com/pinpoint/latest/apireference/apps-application-id-endpoints.html
 */
export enum ChannelType {
  /** Amazon Device Messaging. */
  ADM = 'ADM',
  /** Apple Push Notification service. */
  APNS = 'APNS',
  /** The sandbox of the Apple Push Notification service. */
  APNS_SANDBOX = 'APNS_SANDBOX',
  /** Voice-over-IP notifications of the Apple Push Notification service. */
  APNS_VOIP = 'APNS_VOIP',
  /** The sandbox of the voice-over-IP notifications. */
  APNS_VOIP_SANDBOX = 'APNS_VOIP_SANDBOX',
  /** Baidu Cloud Push. */
  BAIDU = 'BAIDU',
  /** A custom channel: a webhook or a function. */
  CUSTOM = 'CUSTOM',
  /** E-mail. */
  EMAIL = 'EMAIL',
  /** Firebase Cloud Messaging, by its former name Google Cloud Messaging. */
  GCM = 'GCM',
  /** Messages inside an app. */
  IN_APP = 'IN_APP',
  /** Text messages. */
  SMS = 'SMS',
  /** Telephone calls. */
  VOICE = 'VOICE',
}

/** What an endpoint's location is made of. */
export enum LocationField {
  /** Name of the city. */
  CITY = 'City',
  /** ISO 3166-1 alpha-2 or alpha-3 code. */
  COUNTRY = 'Country',
  /** Degrees; written only together with the longitude. */
  LATITUDE = 'Latitude',
  /** Degrees; written only together with the latitude. */
  LONGITUDE = 'Longitude',
  /** Postal or ZIP code. */
  POSTAL_CODE = 'PostalCode',
  /** State, province or region. */
  REGION = 'Region',
}

/** What is known of an endpoint's device and app. */
export enum DemographicField {
  /** Version of the app. */
  APP_VERSION = 'AppVersion',
  /** Locale, such as `en_US`. */
  LOCALE = 'Locale',
  /** Maker of the device, such as `Apple`. */
  MAKE = 'Make',
  /** Model of the device, such as `iPhone`. */
  MODEL = 'Model',
  /** Version of that model. */
  MODEL_VERSION = 'ModelVersion',
  /** Operating system. */
  PLATFORM = 'Platform',
  /** Version of the operating system. */
  PLATFORM_VERSION = 'PlatformVersion',
  /** Time zone of the tz database, such as `Europe/Berlin`. */
  TIMEZONE = 'Timezone',
}

/** Whether an endpoint takes part in campaigns and journeys. */
export enum OptOut {
  /** The user has opted out: nothing is sent to the endpoint. */
  ALL = 'ALL',
  /** The user has not opted out. */
  NONE = 'NONE',
}

/** What becomes of a trait that no rule names. */
export enum UnmappedTraits {
  /** It becomes an attribute of the user, under its own name. */
  USER_ATTRIBUTES = 'userAttributes',
  /** It is left out. */
  DROP = 'drop',
}

/** How a trait becomes an attribute of endpoints. */
export interface EndpointAttributeOptions {
  /**
   * Name of the attribute: at most 50 characters, none of `# : ? \ /`.
   *
   * @default - the path of the trait, with `_` for each dot
   */
  readonly name?: string;

  /**
   * Channels whose endpoints get the attribute.
   *
   * @default - every endpoint of the user
   */
  readonly channels?: ChannelType[];

  /**
   * Values by what the trait says, written as text (`true` for a boolean). What is not listed goes over as it is.
   *
   * @default - every value goes over as it is
   */
  readonly values?: { [trait: string]: string };
}

/** How a trait becomes an attribute of the user. */
export interface UserAttributeOptions {
  /**
   * Name of the attribute: at most 50 characters, none of `# : ? \ /`.
   *
   * @default - the path of the trait, with `_` for each dot
   */
  readonly name?: string;

  /**
   * Values by what the trait says, written as text (`true` for a boolean). What is not listed goes over as it is.
   *
   * @default - every value goes over as it is
   */
  readonly values?: { [trait: string]: string };
}

/** How a trait becomes a metric, which is a number that segments can compare. */
export interface TraitMetricOptions {
  /**
   * Name of the metric: at most 50 characters, none of `# : ? \ /`.
   *
   * @default - the path of the trait, with `_` for each dot
   */
  readonly name?: string;

  /**
   * Channels whose endpoints get the metric.
   *
   * @default - every endpoint of the user
   */
  readonly channels?: ChannelType[];
}

/** How a trait becomes the opt-out. */
export interface OptOutOptions {
  /**
   * Channels whose endpoints are opted out.
   *
   * @default - every endpoint of the user
   */
  readonly channels?: ChannelType[];

  /**
   * Opt-out by what the trait says, written as text (`true` for a boolean). A value that is not listed makes the message
   * a dead letter with the code `UnknownOptOut`.
   *
   * @default - `true` is `OptOut.ALL`, `false` is `OptOut.NONE`
   */
  readonly values?: { [trait: string]: OptOut };
}

/**
 * A rule for one trait of a message. It replaces what the library does with that trait by default.
 *
 * A trait is named by its path: `newsletter`, `address.city`, or `context.campaign.source` for what stands in the
 * message's context instead of its traits.
 */
export class TraitMapping {
  /**
   * The trait is an address of a channel: an e-mail address, a telephone number, a device token.
   *
   * Each trait that names an address of a channel makes an endpoint of its own.
   */
  public static address(trait: string, channel: ChannelType): TraitMapping {
    return new TraitMapping({ to: 'address', trait: rulePath(trait), channel });
  }

  /** The trait is an attribute of endpoints, such as a preference of one channel. */
  public static endpointAttribute(trait: string, options: EndpointAttributeOptions = {}): TraitMapping {
    const { channels } = options;
    const name = ruleName(trait, options.name);
    return new TraitMapping({ to: 'endpointAttribute', trait: rulePath(trait), name, channels, values: ruleValues(options.values) });
  }

  /** The trait is an attribute of the user, which all of the user's endpoints share. */
  public static userAttribute(trait: string, options: UserAttributeOptions = {}): TraitMapping {
    const name = ruleName(trait, options.name);
    return new TraitMapping({ to: 'userAttribute', trait: rulePath(trait), name, values: ruleValues(options.values) });
  }

  /** The trait is a number that segments compare, such as a lifetime value. */
  public static metric(trait: string, options: TraitMetricOptions = {}): TraitMapping {
    return new TraitMapping({ to: 'metric', trait: rulePath(trait), name: ruleName(trait, options.name), channels: options.channels });
  }

  /** The trait is part of the endpoint's location. */
  public static location(trait: string, field: LocationField): TraitMapping {
    return new TraitMapping({ to: 'location', trait: rulePath(trait), field });
  }

  /** The trait tells of the endpoint's device or app. */
  public static demographic(trait: string, field: DemographicField): TraitMapping {
    return new TraitMapping({ to: 'demographic', trait: rulePath(trait), field });
  }

  /** The trait tells whether the user has opted out. */
  public static optOut(trait: string, options: OptOutOptions = {}): TraitMapping {
    const values = options.values ?? { true: OptOut.ALL, false: OptOut.NONE };
    return new TraitMapping({ to: 'optOut', trait: rulePath(trait), channels: options.channels, values });
  }

  /** The trait is left out, also where the library would have used it by default. */
  public static ignore(trait: string): TraitMapping {
    return new TraitMapping({ to: 'ignore', trait: rulePath(trait) });
  }

  /**
   * The rule as the handler reads it.
   * @internal
   */
  public readonly _rule: TraitRule;

  private constructor(rule: TraitRule) {
    this._rule = rule;
  }
}

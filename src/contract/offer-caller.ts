import { object, oneOf, Parser, positive, text, union } from './parse';

/** A custom channel of Amazon Pinpoint. */
export interface PinpointOfferCallerConfig {
  readonly kind: 'pinpoint';
  readonly applicationId: string;
  /** How long the service waits for the answer. */
  readonly budgetSeconds: number;
}

/** The custom action of a journey of Amazon Connect. */
export interface ConnectJourneyOfferCallerConfig {
  readonly kind: 'connect-journey';
  readonly instanceArn: string;
  /** The attribute of a profile that names the user. */
  readonly userIdAttribute: string;
  /** How long the service waits for the answer. */
  readonly budgetSeconds: number;
}

/** Who asks for an offer to be given. */
export type OfferCallerConfig = PinpointOfferCallerConfig | ConnectJourneyOfferCallerConfig;
export type OfferCallerKind = OfferCallerConfig['kind'];

export const parseOfferCaller: Parser<OfferCallerConfig> = union('kind', {
  'pinpoint': object<PinpointOfferCallerConfig>({ kind: oneOf(['pinpoint']), applicationId: text, budgetSeconds: positive }),
  'connect-journey': object<ConnectJourneyOfferCallerConfig>({
    kind: oneOf(['connect-journey']), instanceArn: text, userIdAttribute: text, budgetSeconds: positive,
  }),
});

import { RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import {
  CustomerProfilesEndpointTargetConfig, EndpointTargetConfig, PinpointEndpointTargetConfig, ServiceEndpointTargetConfig,
} from './contract/endpoint-target';
import { TraitMappingConfig } from './contract/trait-mapping';
import { CustomerProfilesEndpointTargetProps, PinpointEndpointTargetProps, PinpointEndpointWrites } from './endpoint-target-props';
import {
  checkDomain, domainArn, objectTypeArn, shareOutProfiles, warnOfDomainName, warnOfIdentityResolution, warnOfSharedProfileQuotas,
} from './private/customer-profiles';
import { checkApplicationId, pinpointArn, shareOut, warnOfEndOfSupport, warnOfSharedQuotas } from './private/pinpoint';
import { checkObjectTypes, createObjectTypes, ObjectTypes, objectTypesOf } from './private/profile-object-types';
import { refuse } from './private/validate';

/**
 * What a construct tells an endpoint target.
 * @internal
 */
export interface EndpointTargetBindOptions {
  /** Who calls the service at run time. */
  readonly grantee: iam.IGrantable;
  /** Invocations that may run at once (shards × parallelization factor): the quotas are shared out over them. */
  readonly concurrency: number;
  /** The rules by which traits become attributes: a target that has to know the names reads them here. */
  readonly mapping: TraitMappingConfig;
  /** For what holds data of users. */
  readonly removalPolicy: RemovalPolicy;
}

/** The service that keeps a user's endpoints (addresses, preferences, opt-outs) and takes the user's events. */
export abstract class EndpointTarget {
  /**
   * An Amazon Pinpoint application.
   *
   * AWS ended support for the engagement features of Amazon Pinpoint on October 30, 2026. Synthesis warns of it under
   * the id `cdk-cdp-engagement:pinpointEndOfSupport`, which can be acknowledged.
   *
   * The published quotas (2 `UpdateEndpointsBatch`, 15 `PutEvents` and 300 other requests per second) belong to the
   * account in its Region, and the construct takes all of each for itself. Two constructs are throttled together; a second
   * one in the same place is warned of under the id `cdk-cdp-engagement:pinpointQuotasTakenTwice`.
   *
   * @see https://docs.aws.amazon.com/pinpoint/latest/userguide/migrate.html
   * @see https://docs.aws.amazon.com/pinpoint/latest/developerguide/quotas.html
   */
  public static pinpoint(props: PinpointEndpointTargetProps): EndpointTarget {
    return new PinpointEndpointTarget(props);
  }

  /**
   * Amazon Connect Customer Profiles: a profile for each user, and an object for each event.
   *
   * Two object types are made in the domain, with the id of the CDP's user as the only key that leads to a profile; e-mail addresses and telephone
   * numbers can be searched for and lead nowhere. If the domain merges profiles by identity resolution, different users become
   * one; synthesis warns of it, or that it can't be seen, under the id `cdk-cdp-engagement:customerProfilesIdentityResolution`.
   *
   * Up to 3 e-mail addresses and 4 telephone numbers are fields of the profile, 2 more of each and 10 push tokens are attributes. `OptOut_<field>`,
   * `EndpointStatus_<field>`, `EndpointId_<field>` and `ChannelType_<field>` say what is known of each. Nothing in Customer Profiles keeps
   * a campaign from an address that is opted out or inactive: every segment has to exclude `OptOut_<field>` = `ALL` and
   * `EndpointStatus_<field>` = `INACTIVE`.
   *
   * The service can't clear a value by an object. An attribute that the CDP deletes gets the value `-`, a deleted address becomes inactive. Deleted
   * users are looked for again 4 seconds later; what the service applies later still makes their profiles again.
   *
   * The published quota of 100 requests per second and operation belongs to the account in its Region, and the construct takes all of it;
   * a second one in the same place is warned of under the id `cdk-cdp-engagement:customerProfilesQuotasTakenTwice`.
   *
   * @see https://docs.aws.amazon.com/connect/latest/adminguide/how-object-type-mapping-works.html
   * @see https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html
   */
  public static customerProfiles(props: CustomerProfilesEndpointTargetProps): EndpointTarget {
    return new CustomerProfilesEndpointTarget(props);
  }

  /**
   * Several services at once, for the time of a move from one to another.
   *
   * The first one leads: its outcome is that of the message. The others get what the first has settled, in order; messages of a record that
   * is delivered again may reach them twice. What they refuse, or can't take now, is counted by the metric `ChangesMissed` with its reason; it is
   * neither retried nor a dead letter. One that takes nothing of three batches in a row is left alone for a minute. So put the service that must not
   * miss anything first, and the one that is given up last.
   *
   * The metrics of the construct are those of the first.
   *
   * @param targets two services or more, the leading one first.
   */
  public static all(targets: EndpointTarget[]): EndpointTarget {
    return new AllEndpointTargets(targets);
  }

  /**
   * Grants what the handler will call, and returns the target's part of the handler's configuration.
   * @internal
   */
  public abstract _bind(scope: Construct, options: EndpointTargetBindOptions): EndpointTargetConfig;
}

class PinpointEndpointTarget extends EndpointTarget {
  private readonly writesInBatches: boolean;
  private readonly lookUpEndpoints: boolean;

  public constructor(private readonly props: PinpointEndpointTargetProps) {
    super();
    checkApplicationId(props.applicationId);
    this.writesInBatches = (props.endpointWrites ?? PinpointEndpointWrites.BATCH) === PinpointEndpointWrites.BATCH;
    this.lookUpEndpoints = props.lookUpEndpoints ?? true;
  }

  /** @internal */
  public _bind(scope: Construct, { grantee, concurrency }: EndpointTargetBindOptions): PinpointEndpointTargetConfig {
    warnOfEndOfSupport(scope);
    warnOfSharedQuotas(scope);
    this.grant(scope, grantee);
    return {
      kind: 'pinpoint',
      applicationId: this.props.applicationId,
      endpointWrites: this.writesInBatches ? 'batch' : 'events',
      lookUpEndpoints: this.lookUpEndpoints,
      requestsPerSecond: shareOut(concurrency),
    };
  }

  private grant(scope: Construct, grantee: iam.IGrantable): void {
    const allow = (actions: string[], path: string = '') =>
      iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [pinpointArn(scope, this.props.applicationId, path)] });
    if (this.writesInBatches) allow(['mobiletargeting:UpdateEndpointsBatch']);
    allow(['mobiletargeting:PutEvents'], '/events');
    allow(['mobiletargeting:DeleteUserEndpoints', ...this.lookUpEndpoints ? ['mobiletargeting:GetUserEndpoints'] : []], '/users/*');
  }
}

class CustomerProfilesEndpointTarget extends EndpointTarget {
  public constructor(private readonly props: CustomerProfilesEndpointTargetProps) {
    super();
    checkDomain(props.domainName);
    checkObjectTypes(props);
  }

  /** @internal */
  public _bind(scope: Construct, options: EndpointTargetBindOptions): CustomerProfilesEndpointTargetConfig {
    const { domainName } = this.props;
    warnOfDomainName(scope, domainName);
    warnOfIdentityResolution(scope, domainName);
    warnOfSharedProfileQuotas(scope);
    const types = objectTypesOf(this.props, options.mapping);
    createObjectTypes(scope, types, options.removalPolicy);
    this.grant(scope, options.grantee, types);
    const { userObjectType, eventObjectType, attributes, metrics } = types;
    return {
      kind: 'customerProfiles', domainName, userObjectType, eventObjectType, attributes, metrics,
      requestsPerSecond: shareOutProfiles(options.concurrency),
    };
  }

  /** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonconnectcustomerprofiles.html */
  private grant(scope: Construct, grantee: iam.IGrantable, { domainName, userObjectType, eventObjectType }: ObjectTypes): void {
    const types = [userObjectType, eventObjectType].map((name) => objectTypeArn(scope, domainName, name));
    const domain = domainArn(scope, domainName);
    iam.Grant.addToPrincipal({ grantee, actions: ['profile:PutProfileObject'], resourceArns: [domain, ...types] });
    iam.Grant.addToPrincipal({ grantee, actions: ['profile:DeleteProfile', 'profile:SearchProfiles'], resourceArns: [domain] });
  }
}

class AllEndpointTargets extends EndpointTarget {
  public constructor(private readonly targets: EndpointTarget[]) {
    super();
    if (targets.length < 2) refuse('targets', 'must be at least two', targets.length, 'use a single target as it is');
    if (targets.some((target) => target instanceof AllEndpointTargets)) {
      refuse('targets', 'must be services', '`EndpointTarget.all` in `EndpointTarget.all`', 'put all services into one list');
    }
  }

  /** @internal */
  public _bind(scope: Construct, options: EndpointTargetBindOptions): EndpointTargetConfig {
    return { kind: 'all', targets: this.targets.map((target) => target._bind(scope, options) as ServiceEndpointTargetConfig) };
  }
}

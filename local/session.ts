import { KinesisClient } from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import { Api, Apis } from './apigateway/apis';
import { ApiServer } from './apigateway/server';
import { CdpServer } from './cdp/server';
import { kinesisClient, s3Client, sqsClient } from './clients';
import { ACCOUNT_ID } from './environment';
import { objectCreated } from './events/object-created';
import { Rules } from './events/rule';
import { StreamTarget } from './events/stream-target';
import { FaultPlan } from './faults';
import type { DeliveryStream } from './firehose/delivery-stream';
import { Gateway } from './gateway';
import { AccessKey, Keys } from './iam/keys';
import { importAccess } from './import-access';
import type { EventSourceMapping, MappingObserver } from './lambda/event-source-mapping';
import { LambdaHost } from './lambda/host';
import { Permission } from './lambda/permission';
import type { QueueMapping, QueueObserver } from './lambda/queue-mapping';
import { Messaging } from './messaging';
import { Mail } from './messaging/mail';
import { Texts } from './messaging/texts';
import { Topics } from './messaging/topics';
import type { OfferRecord } from './offers';
import { Quota } from './quota';
import { ReaderSpecs, startReaders } from './readers';
import { Recorder } from './recorder';
import type { RedriveRecord } from './redrive';
import { World } from './resources/handler';
import { startServices, Services } from './services';
import type { ProfileStream } from './services/customer-profiles/profile-stream';
import type { EventStream } from './services/pinpoint/event-stream';
import { EmulatedService } from './services/service';
import { Machine } from './stepfunctions/machine';
import { Tasks } from './stepfunctions/tasks';
import { openAccounts, WebhookOf, webhooksOf, withLocalCdp } from './targets';
import { deploy } from './template/deploy';
import { LoadedStack } from './template/model';
import { Roles } from './template/roles';

export interface SessionOptions {
  /** Folder of this run. */
  readonly folder: string;
  readonly cdp: CdpServer;
  readonly faults: FaultPlan;
  /** Rates per service name. */
  readonly quotas: Readonly<Record<string, Quota>>;
  /** Whether APIs enforce the throttling of their stages. */
  readonly throttled?: boolean;
  readonly observer: MappingObserver & QueueObserver;
  readonly failed: (error: unknown) => void;
}

/** The emulated account: its services, and what the template made in them. */
export class Session {
  public static async start(options: SessionOptions): Promise<Session> {
    const session = new Session(options, await startServices(options.cdp));
    await session.openGateways();
    return session;
  }

  public readonly recorder = new Recorder();
  public readonly mappings: EventSourceMapping[] = [];
  public readonly queueMappings: QueueMapping[] = [];
  public readonly permissions: Permission[] = [];
  /** Invocations of custom channels and their answers. */
  public readonly offers: OfferRecord[] = [];
  /** What redrive functions answered. */
  public readonly redrives: RedriveRecord[] = [];
  public readonly eventStreams: EventStream[] = [];
  public readonly profileStreams: ProfileStream[] = [];
  public readonly deliveries: DeliveryStream[] = [];
  /** REST APIs, each on a port of its own. */
  public readonly apiServers: ApiServer[] = [];
  public readonly webhooks: WebhookOf[] = [];
  public readonly rules: Rules;
  public readonly streamTargets: StreamTarget[] = [];
  public readonly messaging: Messaging;
  /** The run's own key: it may do everything. */
  public readonly key: AccessKey;
  private readonly keys = new Keys();
  private readonly roles = new Roles();
  private readonly apis = new Apis();
  private readonly gateways = new Map<string, Gateway>();
  private readonly specs: ReaderSpecs = { mappings: [], queueMappings: [], deliveries: [], profileStreams: [], eventStreams: [] };
  private lambda?: LambdaHost;

  private constructor(public readonly options: SessionOptions, public readonly services: Services) {
    this.key = this.keys.issue({ construct: 'local' });
    const { faults } = options;
    this.rules = new Rules({
      recorder: this.recorder, statementsOf: (roleId) => this.roles.statementsOf(roleId), outcome: () => faults.takeOutcome('notification'),
    });
    const topics = new Topics(this.recorder, () => sqsClient(this.endpoints.sqs!, this.key), (name) => this.queueUrl(name));
    this.messaging = { mail: new Mail(this.rules), texts: new Texts(topics), topics, pipeSpecs: [], pipes: [] };
    services.s3.onCreated = (created) => void this.rules.receive(objectCreated(created));
    services.customerProfiles.outcome = () => faults.takeOutcome('uploadJob');
    services.pinpoint.access = importAccess({
      roles: this.roles, outcome: () => faults.takeOutcome('importJob'),
      s3Of: (roleId) => this.s3(this.keyOf(roleId, roleId)),
    });
  }

  /** URL of each service's gateway, by its name. */
  public get endpoints(): Record<string, string> {
    return Object.fromEntries([...this.gateways].map(([name, gateway]) => [name, gateway.url]));
  }

  public get cdp(): CdpServer {
    return this.options.cdp;
  }

  public get host(): LambdaHost {
    if (!this.lambda) throw new Error('the session is not started');
    return this.lambda;
  }

  public async deploy(stacks: readonly LoadedStack[]): Promise<void> {
    await deploy(stacks, this.world());
    openAccounts(this.cdp, this.host.specs, this.services.secretsManager);
    this.webhooks.push(...webhooksOf(this.host.specs, this.services.secretsManager));
    await startReaders(this, this.specs);
    for (const api of this.apis.all.values()) await this.startApi(api);
  }

  /** Something was denied or is not emulated: no retry can change that. */
  public get hopeless(): boolean {
    const { denied, refused, errors } = this.recorder;
    return denied.length + refused.length + errors.length > 0;
  }

  public kinesis(key: AccessKey = this.key): KinesisClient {
    return kinesisClient(this.endpoints.kinesis!, key);
  }

  public s3(key: AccessKey = this.key): S3Client {
    return s3Client(this.endpoints.s3!, key);
  }

  public queueUrl(name: string): string {
    return `${this.endpoints.sqs!}/${ACCOUNT_ID}/${name}`;
  }

  /** A key with which a part of the account acts in its role. */
  public keyOf(construct: string, roleId: string): AccessKey {
    return this.keys.issue({ construct, roleId });
  }

  public async close(): Promise<void> {
    this.rules.machines.forEach((machine) => machine.stop());
    await Promise.all([...this.mappings, ...this.queueMappings, ...this.deliveries, ...this.messaging.pipes].map(async (one) => one.stop()));
    await Promise.all(this.apiServers.map(async (server) => server.close()));
    await this.lambda?.close();
    await Promise.all([...this.gateways.values()].map(async (gateway) => gateway.close()));
  }

  private async openGateways(): Promise<void> {
    for (const service of Object.values(this.services)) this.gateways.set(service.name, await this.gatewayOf(service));
    this.lambda = new LambdaHost({ keys: this.keys, endpoints: this.endpoints, folder: this.options.folder });
    this.services.lambda.attach(this.lambda);
  }

  private async gatewayOf(service: EmulatedService): Promise<Gateway> {
    return Gateway.start({
      service,
      keys: this.keys,
      recorder: this.recorder,
      statementsOf: (roleId) => this.roles.statementsOf(roleId),
      faults: this.options.faults,
      quota: this.options.quotas[service.name],
      context: { 'aws:PrincipalAccount': ACCOUNT_ID, 'aws:ResourceAccount': ACCOUNT_ID, 's3:ResourceAccount': ACCOUNT_ID },
    });
  }

  private world(): World {
    const { kinesis, s3, sqs, pinpoint, customerProfiles, secretsManager, eventBridge } = this.services;
    return {
      roles: this.roles,
      messaging: this.messaging,
      apis: this.apis,
      folder: this.options.folder,
      createStream: async (name, shards) => kinesis.createStream(name, shards),
      createBucket: async (name, notifies) => s3.createBucket(name, notifies),
      createQueue: async (name, attributes) => {
        await sqs.createQueue(name, attributes);
        return this.queueUrl(name);
      },
      createPinpointApp: (id, name) => { pinpoint.createApp(id, name); },
      createProfileDomain: (name) => { customerProfiles.domain(name); },
      createProfileObjectType: (domainName, type) => customerProfiles.domain(domainName).putObjectType(type),
      createProfileSegment: (domainName, segment) => customerProfiles.domain(domainName).putSegment(segment),
      createSecret: (name, value) => secretsManager.create(name, value),
      createEventBus: (name) => eventBridge.createBus(name),
      addFunction: (spec) => this.host.add(withLocalCdp(spec, this.options.cdp.url)),
      addMachine: (spec) => {
        const key = this.keyOf(spec.construct, spec.roleId);
        this.rules.machines.push(new Machine(spec, new Tasks(this.endpoints, key)));
      },
      addRule: (spec) => { this.rules.specs.push(spec); },
      addStreamTarget: (spec) => {
        const target = new StreamTarget(spec, this.kinesis(this.keyOf(spec.path, spec.roleId)));
        this.streamTargets.push(target);
        return target;
      },
      addMapping: (spec) => { this.specs.mappings.push(spec); },
      addQueueMapping: (spec) => { this.specs.queueMappings.push(spec); },
      addPermission: (permission) => { this.permissions.push(permission); },
      addEventStream: (spec) => { this.specs.eventStreams.push(spec); },
      addProfileStream: (spec) => { this.specs.profileStreams.push(spec); },
      addDelivery: (spec) => { this.specs.deliveries.push(spec); },
    };
  }

  private async startApi(api: Api): Promise<void> {
    const { host, permissions, recorder, options: { throttled = false } } = this;
    this.apiServers.push(await ApiServer.start({ api, host, permissions, recorder, throttled }));
  }
}

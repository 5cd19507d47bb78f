import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import {
  CdpDestination, CdpEndpointSync, CdpEndpointSyncProps, CdpFormat, CdpSegmentImporter, CdpSegmentImporterProps, EndpointTarget, EngagementSource,
  EngagementStreamToCdp, EngagementStreamToCdpProps, OfferCaller, OfferCustomChannel, OfferCustomChannelProps, SegmentTarget, CdpWebhook, CdpWebhookProps, WebhookVerification,
} from '../../src';
import { CONFIG_VARIABLE } from '../../src/contract/env';

export const APPLICATION_ID = '810c7aab86d42fb2b56c8c966example';

export const INSTANCE_ARN = 'arn:aws:connect:us-east-1:111122223333:instance/5f0c2a4e-8b1d-4e7a-9c3f-2d6b8a0e1f47';

export function givenStack(name = 'Stack', context?: Record<string, unknown>): Stack {
  return new Stack(new App({ context }), name);
}

export function givenSync(props: Partial<CdpEndpointSyncProps> = {}, stack: Stack = givenStack(), id = 'Sync'): CdpEndpointSync {
  return new CdpEndpointSync(stack, id, {
    target: EndpointTarget.pinpoint({ applicationId: APPLICATION_ID }), format: CdpFormat.segment(), ...props,
  });
}

/** The secret at `Stack/WriteKey`, made when it is first asked for. */
export function givenWriteKey(stack: Stack): secretsmanager.Secret {
  return (stack.node.tryFindChild('WriteKey') ?? new secretsmanager.Secret(stack, 'WriteKey')) as secretsmanager.Secret;
}

export function givenWebhook(props: Partial<CdpWebhookProps> = {}, sync: CdpEndpointSync = givenSync()): CdpWebhook {
  return sync.addWebhook('Webhook', { verification: WebhookVerification.bearerToken({ secret: givenWriteKey(Stack.of(sync)) }), ...props });
}

export function givenFeedback(
  props: Partial<EngagementStreamToCdpProps> = {}, stack: Stack = givenStack(), id = 'Feedback',
): EngagementStreamToCdp {
  return new EngagementStreamToCdp(stack, id, {
    source: EngagementSource.pinpoint({ applicationId: APPLICATION_ID }),
    destination: props.destination ?? CdpDestination.segment({ writeKey: givenWriteKey(stack) }),
    ...props,
  });
}

export function givenOffer(props: Partial<OfferCustomChannelProps> = {}, stack: Stack = givenStack(), id = 'Offer'): OfferCustomChannel {
  return new OfferCustomChannel(stack, id, {
    caller: OfferCaller.pinpoint({ applicationId: APPLICATION_ID }),
    offer: { offerId: '20_OFF' },
    destination: props.destination ?? CdpDestination.segment({ writeKey: givenWriteKey(stack) }),
    ...props,
  });
}

export function givenImporter(props: Partial<CdpSegmentImporterProps> = {}, stack: Stack = givenStack(), id = 'Lists'): CdpSegmentImporter {
  return new CdpSegmentImporter(stack, id, { target: SegmentTarget.pinpoint({ applicationId: APPLICATION_ID }), ...props });
}

export function templateOf(construct: Construct): Template {
  return Template.fromStack(Stack.of(construct));
}

/** Intrinsics as one would read them: `<Stream.Arn>` for what only the deployment knows. */
export function readable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== 'object' || value === null) return value;
  const [[key, argument]] = Object.entries(value as Record<string, unknown>).concat([['', undefined]]);
  if (key === 'Ref') return `<${plain(argument as string)}>`;
  if (key === 'Fn::GetAtt') return `<${(argument as string[]).map(plain).join('.')}>`;
  if (key === 'Fn::Join') return ((argument as [string, unknown[]])[1]).map(readable).join((argument as [string])[0]);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, readable(inner)]));
}

/** A logical id without its hash. */
const plain = (id: string): string => id.replace(/[0-9A-F]{8}$/, '');

/** Every statement that a role has, in the order of the template. */
export function statementsOf(template: Template, role: string): Record<string, unknown>[] {
  const policies = Object.values(template.findResources('AWS::IAM::Policy')).map((resource) => readable(resource.Properties) as any);
  return policies.filter((policy) => policy.Roles.includes(role)).flatMap((policy) => policy.PolicyDocument.Statement)
    .map(({ Effect, ...statement }: any) => Effect === 'Allow' ? statement : { Effect, ...statement });
}

/** The configuration of a function as the handler will read it, with readable names for what only the deployment knows. */
export function configOf(template: Template, construct: string): string {
  const functions = Object.entries(template.findResources('AWS::Lambda::Function')).filter(([id]) => plain(id) === construct);
  if (functions.length !== 1) throw new Error(`${functions.length} functions are named ${construct}`);
  return readable(functions[0][1].Properties.Environment.Variables[CONFIG_VARIABLE]) as string;
}

from aws_cdk import App, Stack
from aws_cdk import aws_pinpoint as pinpoint
from cdk_cdp_engagement import CdpEndpointSync, CdpFormat, ChannelType, EndpointTarget, TraitMapping
from constructs import Construct

FORMATS = {
    "segment": CdpFormat.segment, "rudderstack": CdpFormat.rudder_stack, "mparticle": CdpFormat.m_particle,
    "tealium": CdpFormat.tealium, "cloudevents": CdpFormat.cloud_events, "pinpoint": CdpFormat.pinpoint, "auto": CdpFormat.auto,
}

# What marketers read in a preference, by what the CDP says.
SUBSCRIBED = {"true": "Subscribed", "false": "Unsubscribed"}


class EndpointSyncStack(Stack):
    def __init__(self, scope: Construct, id: str, *, format: CdpFormat) -> None:
        super().__init__(scope, id)
        app = pinpoint.CfnApp(self, "App", name="cdp-endpoint-sync")
        CdpEndpointSync(
            self,
            "Sync",
            target=EndpointTarget.pinpoint(application_id=app.ref),
            format=format,
            mapping=[
                TraitMapping.endpoint_attribute(
                    "newsletter", name="EmailPreference_Newsletter", channels=[ChannelType.EMAIL], values=SUBSCRIBED
                ),
                TraitMapping.endpoint_attribute(
                    "dailyDeals", name="EmailPreference_DailyDeals", channels=[ChannelType.EMAIL], values=SUBSCRIBED
                ),
                TraitMapping.opt_out("unsubscribed"),
                TraitMapping.metric("lifetimeValue", name="LifetimeValue"),
            ],
        )


app = App()
name = app.node.try_get_context("format") or "segment"
if name not in FORMATS:
    raise ValueError(f"the context key format must be one of {', '.join(FORMATS)}, got: {name}")

EndpointSyncStack(app, "CdpEndpointSyncExample", format=FORMATS[name]())
app.synth()

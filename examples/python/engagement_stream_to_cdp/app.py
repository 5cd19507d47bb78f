from aws_cdk import App, Duration, Stack
from aws_cdk import aws_pinpoint as pinpoint
from aws_cdk import aws_secretsmanager as secretsmanager
from cdk_cdp_engagement import (
    CdpDestination,
    EngagementArchive,
    EngagementEventType,
    EngagementSource,
    EngagementStreamToCdp,
    SecretHeader,
)
from constructs import Construct


class EngagementStreamStack(Stack):
    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        app = pinpoint.CfnApp(self, "App", name="engagement-stream-to-cdp")
        EngagementStreamToCdp(
            self,
            "Feedback",
            source=EngagementSource.pinpoint(application_id=app.ref, endpoint_id="{userId}:{channel}"),
            destination=CdpDestination.http(
                url="https://cdp.example.com/engagement",
                headers={"x-source": "pinpoint"},
                secret_header=SecretHeader(secret=secretsmanager.Secret(self, "Token")),
                signing_secret=secretsmanager.Secret(self, "SigningKey"),
            ),
            events=[
                EngagementEventType.EMAIL_HARD_BOUNCE,
                EngagementEventType.EMAIL_COMPLAINT,
                EngagementEventType.EMAIL_UNSUBSCRIBE,
                EngagementEventType.SMS_OPT_OUT,
                EngagementEventType.CUSTOM,
            ],
            archive=EngagementArchive(expiration=Duration.days(365)),
        )


app = App()
EngagementStreamStack(app, "EngagementStreamToCdpExample")
app.synth()

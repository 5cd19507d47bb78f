import { join } from 'node:path';
import { giveEngagement } from '../engagement';
import { readMessages } from '../messages';
import { Session } from '../session';
import { sendCampaign } from './campaign';
import { sendMailing } from './mailing';
import { EngagementSourceKind } from '../../src/contract/engagement-source';

/** How messages are sent in the story, by the service whose events the app reads. */
interface Sending {
  readonly what: string;
  readonly send: (session: Session, signal: AbortSignal) => Promise<void>;
}

/** What the service tells of messages that somebody else has sent: of several recipients at once, and of users that nobody named. */
const told = (file: string): Sending['send'] => async (session, signal) =>
  giveEngagement(session, readMessages(join(__dirname, file)), signal);

export const SENDINGS: { readonly [K in EngagementSourceKind]: Sending } = {
  pinpoint: { what: 'the emulated Amazon Pinpoint sends a campaign', send: sendCampaign },
  ses: {
    what: 'e-mails were sent with Amazon SES',
    send: async (session, signal) => {
      sendMailing(session);
      await told('ses.ndjson')(session, signal);
    },
  },
  customerProfiles: { what: 'a campaign of Amazon Connect writes into the domain', send: told('campaigns.ndjson') },
  sms: { what: 'text messages were sent with AWS End User Messaging', send: told('sms.ndjson') },
};

/** What happened to a message, or in an application, whatever service says it. */
export enum EngagementEventType {
  /** An e-mail was handed over for delivery. */
  EMAIL_SEND = 'EMAIL_SEND',
  /** The recipient's mail server took an e-mail. */
  EMAIL_DELIVERED = 'EMAIL_DELIVERED',
  /** An e-mail can't be delivered, and never will be: the address is invalid. */
  EMAIL_HARD_BOUNCE = 'EMAIL_HARD_BOUNCE',
  /** An e-mail could not be delivered for now, such as to a full mailbox. */
  EMAIL_SOFT_BOUNCE = 'EMAIL_SOFT_BOUNCE',
  /** The recipient marked an e-mail as spam. */
  EMAIL_COMPLAINT = 'EMAIL_COMPLAINT',
  /** The recipient opened an e-mail, as far as images tell. */
  EMAIL_OPEN = 'EMAIL_OPEN',
  /** The recipient followed a link of an e-mail. */
  EMAIL_CLICK = 'EMAIL_CLICK',
  /** The service refused to send an e-mail, such as one that holds a virus. */
  EMAIL_REJECTED = 'EMAIL_REJECTED',
  /** The recipient unsubscribed. */
  EMAIL_UNSUBSCRIBE = 'EMAIL_UNSUBSCRIBE',
  /** The template of an e-mail could not be filled in. */
  EMAIL_RENDERING_FAILURE = 'EMAIL_RENDERING_FAILURE',
  /** An e-mail could not be delivered yet, and is tried again. Only Amazon SES tells so. */
  EMAIL_DELIVERY_DELAY = 'EMAIL_DELIVERY_DELAY',
  /** A text message is on its way to the carrier. */
  SMS_BUFFERED = 'SMS_BUFFERED',
  /** A text message was taken by the carrier, or delivered. */
  SMS_SUCCESS = 'SMS_SUCCESS',
  /** A text message could not be delivered. */
  SMS_FAILURE = 'SMS_FAILURE',
  /** The recipient opted out of text messages. */
  SMS_OPT_OUT = 'SMS_OPT_OUT',
  /** A campaign sent a message, or failed to. */
  CAMPAIGN_SEND = 'CAMPAIGN_SEND',
  /** The recipient opened a campaign's push notification. */
  CAMPAIGN_OPENED_NOTIFICATION = 'CAMPAIGN_OPENED_NOTIFICATION',
  /** A campaign's push notification arrived while the app was open. */
  CAMPAIGN_RECEIVED_FOREGROUND = 'CAMPAIGN_RECEIVED_FOREGROUND',
  /** A campaign's push notification arrived while the app was in the background. */
  CAMPAIGN_RECEIVED_BACKGROUND = 'CAMPAIGN_RECEIVED_BACKGROUND',
  /** A journey sent a message, or failed to. */
  JOURNEY_SEND = 'JOURNEY_SEND',
  /** A session in an app began. */
  SESSION_START = 'SESSION_START',
  /** A session in an app ended. */
  SESSION_STOP = 'SESSION_STOP',
  /** A session in an app was interrupted. */
  SESSION_PAUSE = 'SESSION_PAUSE',
  /** A session in an app went on. */
  SESSION_RESUME = 'SESSION_RESUME',
  /** A user signed in. */
  USER_SIGN_IN = 'USER_SIGN_IN',
  /** A user signed up. */
  USER_SIGN_UP = 'USER_SIGN_UP',
  /** A user failed to sign in. */
  USER_AUTH_FAIL = 'USER_AUTH_FAIL',
  /** A user bought something. */
  PURCHASE = 'PURCHASE',
  /** Any event of the application's own, whatever its name. */
  CUSTOM = 'CUSTOM',
}

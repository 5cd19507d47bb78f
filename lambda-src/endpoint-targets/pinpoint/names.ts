/** The event that carries an endpoint change on the EVENTS lane. */
export const ENDPOINT_UPDATE_EVENT = 'cdp.endpoint_update';

/** `SdkName` of every event that is written here, so that the event stream's reader knows the CDP's own words and does not send them back. */
export const OWN_SDK_NAME = 'cdk-cdp-engagement';

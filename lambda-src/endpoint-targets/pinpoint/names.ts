/** The event that carries an endpoint change on the EVENTS lane. */
export const ENDPOINT_UPDATE_EVENT = 'cdp.endpoint_update';

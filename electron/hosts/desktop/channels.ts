/** The two IPC channels: calls with their replies, and events to the windows. */
export const callChannel = 'grantwright:call';
export const eventChannel = 'grantwright:event';

import type { AuthorizationServer } from './profile.ts';

/** What the form and every message call the fields of a server, by their path in the profile. */
export const serverLabels = {
  'server.issuer': 'Issuer',
  'server.authorizationUrl': 'Authorization URL',
  'server.tokenUrl': 'Token URL',
  'server.revocationUrl': 'Revocation URL',
  'server.introspectionUrl': 'Introspection URL',
  'server.endSessionUrl': 'End session URL',
  'server.deviceAuthorizationUrl': 'Device authorization URL',
  'server.pushedAuthorizationUrl': 'Pushed authorization URL',
  'server.backchannelAuthenticationUrl': 'Backchannel authentication URL',
  'server.jwksUrl': 'JWKS URL',
} as const satisfies Record<`server.${keyof AuthorizationServer}`, string>;

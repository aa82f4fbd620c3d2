import {
  addressOf,
  clientIdField,
  clientOf,
  codeGrant,
  field,
  loopback,
  optionalSecretField,
  type Preset,
  redirectField,
  scopeField,
  secretField,
  textOf,
} from './preset.ts';

/** Any server with a discovery document. */
export const openIdConnect: Preset = {
  id: 'openid_connect',
  name: 'OpenID Connect',
  maker: 'Any server',
  text: 'Signs a person in. The addresses come from the issuer.',
  documentation: 'https://openid.net/specs/openid-connect-core-1_0.html',
  fields: [
    field({
      name: 'issuer',
      label: 'Issuer',
      hint: 'The server’s address, or that of its discovery document (…/.well-known/openid-configuration).',
      example: 'https://login.example.com',
      kind: 'address',
    }),
    clientIdField,
    optionalSecretField,
    scopeField('openid offline_access', 'Many servers give a refresh token for offline_access alone.'),
    redirectField(loopback),
  ],
  notes: ['PKCE is used, and state, nonce and the issuer are checked.'],
  settings: (values) => ({
    grant: codeGrant(values),
    server: { issuer: addressOf(values, 'issuer') },
    client: clientOf(values, 'client_secret_basic'),
    scope: textOf(values, 'scope'),
  }),
};

/** Any server whose addresses are typed by hand. */
export const plainOAuth: Preset = {
  id: 'oauth',
  name: 'OAuth 2.0',
  maker: 'Any server',
  text: 'Signs a person in. You type the addresses.',
  documentation: 'https://www.rfc-editor.org/rfc/rfc6749',
  fields: [
    field({
      name: 'authorizationUrl',
      label: 'Authorization URL',
      hint: 'Where the login page is.',
      example: 'https://login.example.com/oauth/authorize',
      kind: 'address',
    }),
    field({
      name: 'tokenUrl',
      label: 'Token URL',
      hint: 'Where codes and refresh tokens are exchanged.',
      example: 'https://login.example.com/oauth/token',
      kind: 'address',
    }),
    clientIdField,
    optionalSecretField,
    scopeField('', 'As the API asks for it; empty sends none.'),
    redirectField(loopback),
  ],
  notes: [],
  settings: (values) => ({
    grant: codeGrant(values),
    server: {
      authorizationUrl: addressOf(values, 'authorizationUrl'),
      tokenUrl: addressOf(values, 'tokenUrl'),
    },
    client: clientOf(values, 'client_secret_basic'),
    scope: textOf(values, 'scope'),
  }),
};

/** Any server, without a person. */
export const machine: Preset = {
  id: 'client_credentials',
  name: 'Client credentials',
  maker: 'Any server',
  text: 'The application itself, without a person: what CI mostly wants.',
  documentation: 'https://www.rfc-editor.org/rfc/rfc6749#section-4.4',
  fields: [
    field({
      name: 'tokenUrl',
      label: 'Token URL',
      hint: 'Where the client gets its token.',
      example: 'https://login.example.com/oauth/token',
      kind: 'address',
    }),
    clientIdField,
    secretField,
    scopeField('', 'As the API asks for it; empty sends none.'),
  ],
  notes: [],
  settings: (values) => ({
    grant: { kind: 'client_credentials' },
    server: { tokenUrl: addressOf(values, 'tokenUrl') },
    client: clientOf(values, 'client_secret_basic'),
    scope: textOf(values, 'scope'),
  }),
};

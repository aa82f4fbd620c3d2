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
  textOf,
} from './preset.ts';

/** Okta, with its own or a custom authorization server. */
export const okta: Preset = {
  id: 'okta',
  name: 'Okta',
  maker: 'Okta',
  text: 'Signs a person in at an Okta organization.',
  documentation: 'https://developer.okta.com/docs/guides/implement-grant-type/authcodepkce/main/',
  fields: [
    field({
      name: 'domain',
      label: 'Domain',
      hint: 'Of the organization, or its custom domain.',
      example: 'my-company.okta.com',
      kind: 'address',
    }),
    field({
      name: 'server',
      label: 'Authorization server',
      hint: 'Its id, under Security, API. Empty: the organization’s own, whose tokens are for Okta’s APIs alone.',
      value: 'default',
      optional: true,
    }),
    clientIdField,
    optionalSecretField,
    scopeField('openid offline_access', 'offline_access gives the refresh token.'),
    redirectField(loopback),
  ],
  notes: ['The grant “Refresh Token” must be allowed in the application; its rotation is set there too.'],
  settings(values) {
    const server = textOf(values, 'server');
    const domain = addressOf(values, 'domain');
    return {
      grant: codeGrant(values),
      server: { issuer: server === '' ? domain : `${domain}/oauth2/${server}` },
      client: clientOf(values, 'client_secret_basic'),
      scope: textOf(values, 'scope'),
    };
  },
};

/** Auth0, whose access tokens are JWTs only where an audience is asked for. */
export const auth0: Preset = {
  id: 'auth0',
  name: 'Auth0',
  maker: 'Okta',
  text: 'Signs a person in at an Auth0 tenant, for one API.',
  documentation:
    'https://auth0.com/docs/get-started/authentication-and-authorization-flow/authorization-code-flow-with-pkce',
  fields: [
    field({
      name: 'domain',
      label: 'Domain',
      hint: 'Under Settings of the application.',
      example: 'my-tenant.eu.auth0.com',
      kind: 'address',
    }),
    clientIdField,
    optionalSecretField,
    field({
      name: 'audience',
      label: 'Audience',
      hint: 'The API’s identifier. Without it the access token is opaque and opens only /userinfo.',
      example: 'https://orders.example.com',
      optional: true,
    }),
    scopeField('openid offline_access', 'offline_access gives the refresh token, if the API allows it.'),
    redirectField(loopback),
  ],
  notes: ['With rotation switched on, a refresh token that is used twice ends all of its family.'],
  settings(values) {
    const audience = textOf(values, 'audience');
    return {
      grant: codeGrant(values),
      server: { issuer: `${addressOf(values, 'domain')}/` },
      client: clientOf(values, 'client_secret_post'),
      scope: textOf(values, 'scope'),
      parameters:
        audience === '' ? [] : [{ name: 'audience', value: audience, in: 'query', to: ['authorization'] }],
    };
  },
};

/** Amazon Cognito user pools. */
export const cognito: Preset = {
  id: 'cognito',
  name: 'Cognito',
  maker: 'Amazon Web Services',
  text: 'Signs a person in at a user pool.',
  documentation: 'https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html',
  fields: [
    field({
      name: 'domain',
      label: 'Domain of the login pages',
      hint: 'Under Branding, Domain.',
      example: 'my-app.auth.eu-central-1.amazoncognito.com',
      kind: 'address',
    }),
    field({
      name: 'pool',
      label: 'User pool ID',
      hint: 'It begins with the region.',
      example: 'eu-central-1_AbCdEf123',
    }),
    clientIdField,
    optionalSecretField,
    scopeField('openid', 'As the app client allows; custom ones are resource/scope.'),
    redirectField('http://localhost'),
  ],
  notes: ['A refresh gives no new refresh token unless rotation is switched on for the app client.'],
  settings(values) {
    const domain = addressOf(values, 'domain');
    const pool = textOf(values, 'pool');
    const issuer = `https://cognito-idp.${pool.replace(/_.*/s, '')}.amazonaws.com/${pool}`;
    return {
      grant: codeGrant(values),
      server: {
        issuer,
        authorizationUrl: `${domain}/oauth2/authorize`,
        tokenUrl: `${domain}/oauth2/token`,
        revocationUrl: `${domain}/oauth2/revoke`,
        jwksUrl: `${issuer}/.well-known/jwks.json`,
      },
      client: clientOf(values, 'client_secret_basic'),
      scope: textOf(values, 'scope'),
    };
  },
};

/** PingOne. */
export const pingOne: Preset = {
  id: 'pingone',
  name: 'PingOne',
  maker: 'Ping Identity',
  text: 'Signs a person in at one environment of PingOne.',
  documentation: 'https://apidocs.pingidentity.com/pingone/platform/v1/api/',
  fields: [
    field({
      name: 'environment',
      label: 'Environment ID',
      hint: 'Under Settings, Environment Properties.',
      example: '12345678-90ab-cdef-1234-567890abcdef',
    }),
    field({
      name: 'domain',
      label: 'Domain',
      hint: 'Of the region: auth.pingone.com, .eu, .ca, .asia or .com.au; or a custom domain.',
      value: 'auth.pingone.eu',
      kind: 'address',
    }),
    clientIdField,
    optionalSecretField,
    scopeField('openid', 'As the application allows.'),
    redirectField(loopback),
  ],
  notes: ['The refresh token comes when the application has the grant type “Refresh Token”.'],
  settings: (values) => ({
    grant: codeGrant(values),
    server: { issuer: `${addressOf(values, 'domain')}/${textOf(values, 'environment')}/as` },
    client: clientOf(values, 'client_secret_basic'),
    scope: textOf(values, 'scope'),
  }),
};

/** PingFederate. */
export const pingFederate: Preset = {
  id: 'pingfederate',
  name: 'PingFederate',
  maker: 'Ping Identity',
  text: 'Signs a person in at a PingFederate of your own.',
  documentation: 'https://docs.pingidentity.com/pingfederate/',
  fields: [
    field({
      name: 'url',
      label: 'Server',
      hint: 'The base URL of its runtime; by default at port 9031.',
      example: 'https://sso.example.com:9031',
      kind: 'address',
    }),
    clientIdField,
    optionalSecretField,
    scopeField('openid', 'As the client allows.'),
    redirectField(loopback),
  ],
  notes: ['Whether refresh tokens roll is set per client.'],
  settings(values) {
    const server = addressOf(values, 'url');
    return {
      grant: codeGrant(values),
      server: {
        issuer: server,
        authorizationUrl: `${server}/as/authorization.oauth2`,
        tokenUrl: `${server}/as/token.oauth2`,
        revocationUrl: `${server}/as/revoke_token.oauth2`,
        introspectionUrl: `${server}/as/introspect.oauth2`,
        deviceAuthorizationUrl: `${server}/as/device_authz.oauth2`,
        jwksUrl: `${server}/pf/JWKS`,
      },
      client: clientOf(values, 'client_secret_basic'),
      scope: textOf(values, 'scope'),
    };
  },
};

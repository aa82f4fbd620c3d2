import {
  addressOf,
  clientIdField,
  clientOf,
  codeGrant,
  field,
  loopback,
  type Preset,
  redirectField,
  scopeField,
  secretField,
  textOf,
} from './preset.ts';

/** WSO2 API Manager and Identity Server. */
export const wso2: Preset = {
  id: 'wso2',
  name: 'API Manager, Identity Server',
  maker: 'WSO2',
  text: 'An application with its consumer key and secret.',
  documentation:
    'https://apim.docs.wso2.com/en/4.2.0/design/api-security/oauth2/grant-types/refresh-token-grant/',
  fields: [
    field({
      name: 'url',
      label: 'Server',
      hint: 'The key manager; by default at port 9443.',
      example: 'https://localhost:9443',
      kind: 'address',
    }),
    {
      ...clientIdField,
      label: 'Consumer key',
      hint: 'In the developer portal, under Production or Sandbox Keys.',
    },
    { ...secretField, label: 'Consumer secret' },
    scopeField('openid', 'As the API asks for it.'),
    redirectField(loopback),
  ],
  notes: [
    'By default each refresh ends the refresh token that it was made with; where renewal is switched off at the server, the first one is kept.',
    'How long tokens live is set at the server, per application; the answer says it.',
    'A server with the certificate that it comes with needs that certificate among the project’s trusted ones.',
  ],
  settings(values) {
    const server = addressOf(values, 'url');
    return {
      grant: codeGrant(values),
      server: {
        authorizationUrl: `${server}/oauth2/authorize`,
        tokenUrl: `${server}/oauth2/token`,
        revocationUrl: `${server}/oauth2/revoke`,
        introspectionUrl: `${server}/oauth2/introspect`,
        endSessionUrl: `${server}/oidc/logout`,
        deviceAuthorizationUrl: `${server}/oauth2/device_authorize`,
        jwksUrl: `${server}/oauth2/jwks`,
      },
      client: clientOf(values, 'client_secret_basic'),
      scope: textOf(values, 'scope'),
    };
  },
};

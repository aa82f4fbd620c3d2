import {
  clientIdField,
  clientOf,
  codeGrant,
  field,
  optionalSecretField,
  type Preset,
  type PresetValues,
  redirectField,
  scopeField,
  secretField,
  textOf,
} from './preset.ts';

const tenantField = field({
  name: 'tenant',
  label: 'Tenant',
  hint: 'The directory’s id or domain; organizations or common for any.',
  example: 'contoso.onmicrosoft.com',
  value: 'organizations',
});

const promptField = field({
  name: 'prompt',
  label: 'Prompt',
  hint: 'Empty, or: login, select_account, consent, admin_consent.',
  optional: true,
});

const appIdField = { ...clientIdField, label: 'Application (client) ID' };
const host = 'https://login.microsoftonline.com';
const hosts =
  'An app registered for “Mobile and desktop applications” is a public client: leave the secret empty.';

function promptOf(values: PresetValues) {
  const value = textOf(values, 'prompt');
  return value === ''
    ? []
    : [{ name: 'prompt', value, in: 'query' as const, to: ['authorization' as const] }];
}

/** The document's own address: its issuer has the tenant's id, whatever name of the tenant it was asked by. */
function documentOf(values: PresetValues): string {
  return `${host}/${textOf(values, 'tenant')}/v2.0/.well-known/openid-configuration`;
}

/** Microsoft Entra ID, version 2.0 of its endpoints. */
export const microsoft: Preset = {
  id: 'microsoft',
  name: 'Entra ID',
  maker: 'Microsoft',
  text: 'Signs a person in at Microsoft 365 and Azure (v2.0 endpoints).',
  documentation: 'https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-auth-code-flow',
  fields: [
    tenantField,
    appIdField,
    optionalSecretField,
    scopeField(
      'openid offline_access https://graph.microsoft.com/.default',
      'All scopes of one resource; offline_access gives the refresh token.',
    ),
    redirectField('http://localhost'),
    promptField,
  ],
  notes: [
    hosts,
    'For admin consent an administrator signs in once with the prompt consent and ticks “Consent on behalf of your organization”.',
  ],
  settings: (values) => ({
    grant: codeGrant(values),
    server: { issuer: documentOf(values) },
    client: clientOf(values, 'client_secret_post'),
    scope: textOf(values, 'scope'),
    parameters: promptOf(values),
  }),
};

/** Microsoft Entra ID, the older endpoints, which know a resource in place of scopes. */
export const microsoftV1: Preset = {
  id: 'microsoft_v1',
  name: 'Entra ID (v1.0 endpoints)',
  maker: 'Microsoft',
  text: 'Older applications, which name a resource in place of scopes.',
  documentation:
    'https://learn.microsoft.com/en-us/previous-versions/azure/active-directory/azuread-dev/v1-protocols-oauth-code',
  fields: [
    tenantField,
    appIdField,
    optionalSecretField,
    field({
      name: 'resource',
      label: 'Resource',
      hint: 'The application ID URI of the API.',
      example: 'https://graph.microsoft.com',
    }),
    redirectField('http://localhost'),
    promptField,
  ],
  notes: [hosts, 'The prompt admin_consent asks an administrator to consent for everybody.'],
  settings(values) {
    const server = `${host}/${textOf(values, 'tenant')}`;
    return {
      grant: codeGrant(values),
      server: {
        authorizationUrl: `${server}/oauth2/authorize`,
        tokenUrl: `${server}/oauth2/token`,
        endSessionUrl: `${server}/oauth2/logout`,
      },
      client: clientOf(values, 'client_secret_post'),
      parameters: [
        {
          name: 'resource',
          value: textOf(values, 'resource'),
          in: 'body',
          to: ['authorization', 'token', 'refresh'],
        },
        ...promptOf(values),
      ],
    };
  },
};

/** Microsoft Entra ID without a person. */
export const microsoftApp: Preset = {
  id: 'microsoft_app',
  name: 'Entra ID, application alone',
  maker: 'Microsoft',
  text: 'An application with permissions of its own, without a person.',
  documentation:
    'https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-client-creds-grant-flow',
  fields: [
    { ...tenantField, value: '', hint: 'The directory’s id or domain.' },
    appIdField,
    secretField,
    scopeField('https://graph.microsoft.com/.default', 'One resource, with /.default at the end.'),
  ],
  notes: ['An administrator must have granted the application its permissions.'],
  settings: (values) => ({
    grant: { kind: 'client_credentials' },
    server: { issuer: documentOf(values) },
    client: clientOf(values, 'client_secret_post'),
    scope: textOf(values, 'scope'),
  }),
};

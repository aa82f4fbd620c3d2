import {
  addressOf,
  clientIdField,
  clientOf,
  codeGrant,
  field,
  loopback,
  optionalSecretField,
  type Preset,
  type PresetValues,
  redirectField,
  scopeField,
  textOf,
} from './preset.ts';

const realmField = field({
  name: 'realm',
  label: 'Realm',
  hint: 'Its name stands in the address of the login page, after /realms/.',
  example: 'my-company',
});

const expiry =
  'The answer says by refresh_expires_in when its refresh token ends; a session that is ended at the server ends it earlier.';

function settings(values: PresetValues): ReturnType<Preset['settings']> {
  return {
    grant: codeGrant(values),
    server: { issuer: `${addressOf(values, 'url')}/realms/${textOf(values, 'realm')}` },
    client: clientOf(values, 'client_secret_basic'),
    scope: textOf(values, 'scope'),
  };
}

/** Keycloak and Red Hat SSO. */
export const keycloak: Preset = {
  id: 'keycloak',
  name: 'Keycloak',
  maker: 'Keycloak, Red Hat',
  text: 'A client of one realm; public, or with a secret.',
  documentation: 'https://www.keycloak.org/securing-apps/oidc-layers',
  fields: [
    field({
      name: 'url',
      label: 'Server',
      hint: 'Up to /realms; servers older than version 17 have /auth at the end.',
      example: 'https://login.example.com',
      kind: 'address',
    }),
    realmField,
    clientIdField,
    optionalSecretField,
    scopeField('openid', 'With offline_access the refresh token outlives the session.'),
    redirectField(loopback),
  ],
  notes: [expiry],
  settings,
};

/** Apiax: a Keycloak of one maker, for public clients. */
export const apiax: Preset = {
  id: 'apiax',
  name: 'Apiax',
  maker: 'Apiax (Keycloak)',
  text: 'The production realm of Apiax, with a public client.',
  documentation: 'https://www.keycloak.org/securing-apps/oidc-layers',
  fields: [
    { ...realmField, value: 'apiax' },
    clientIdField,
    scopeField('openid', 'As the API asks for it.'),
    redirectField(loopback),
  ],
  notes: ['Access tokens live 30 minutes, refresh tokens 14 days.', expiry],
  settings: (values) => settings({ ...values, url: 'https://auth.apiax.io/auth', clientSecret: '' }),
};

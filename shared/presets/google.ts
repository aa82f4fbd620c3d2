import {
  clientIdField,
  clientOf,
  codeGrant,
  loopback,
  type Preset,
  redirectField,
  scopeField,
  secretField,
  textOf,
} from './preset.ts';

/** Google APIs and Google Cloud. */
export const google: Preset = {
  id: 'google',
  name: 'Google',
  maker: 'Google',
  text: 'Google APIs on behalf of a person, with a refresh token.',
  documentation: 'https://developers.google.com/identity/protocols/oauth2/native-app',
  fields: [
    { ...clientIdField, example: '1234567890-abc.apps.googleusercontent.com' },
    { ...secretField, hint: 'Desktop apps have one too. Stored in your vault.' },
    scopeField('openid email', 'Google’s scopes are addresses: https://www.googleapis.com/auth/…'),
    redirectField(loopback),
  ],
  notes: [
    'The refresh token comes by access_type=offline and prompt=consent, which this profile sends.',
    'Google refuses embedded windows: the login opens in your own browser.',
    'While the consent screen is in testing, refresh tokens end after seven days.',
  ],
  settings: (values) => ({
    grant: codeGrant(values),
    server: {
      issuer: 'https://accounts.google.com',
      authorizationUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
      tokenUrl: 'https://oauth2.googleapis.com/token',
      revocationUrl: 'https://oauth2.googleapis.com/revoke',
      deviceAuthorizationUrl: 'https://oauth2.googleapis.com/device/code',
      jwksUrl: 'https://www.googleapis.com/oauth2/v3/certs',
    },
    client: clientOf(values, 'client_secret_post'),
    scope: textOf(values, 'scope'),
    parameters: [
      { name: 'access_type', value: 'offline', in: 'query', to: ['authorization'] },
      { name: 'prompt', value: 'consent', in: 'query', to: ['authorization'] },
    ],
    consentBrowser: 'system',
  }),
};

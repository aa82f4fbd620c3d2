import {
  addressOf,
  clientIdField,
  clientOf,
  codeGrant,
  field,
  loopback,
  type Preset,
  type PresetValues,
  redirectField,
  scopeField,
  secretField,
  textOf,
} from './preset.ts';

const instanceField = field({
  name: 'url',
  label: 'Instance',
  hint: 'The address at which you sign in.',
  example: 'https://my-company.processmaker.net',
  kind: 'address',
});

function serverOf(values: PresetValues) {
  const url = addressOf(values, 'url');
  return { authorizationUrl: `${url}/oauth/authorize`, tokenUrl: `${url}/oauth/token` };
}

const eitherWay = 'The client’s secret goes in the body; a Basic header works as well.';

/** ProcessMaker, and any other server made with Laravel Passport. */
export const processMaker: Preset = {
  id: 'processmaker',
  name: 'ProcessMaker, Laravel Passport',
  maker: 'ProcessMaker',
  text: 'Signs a person in, with a client of the instance.',
  documentation: 'https://laravel.com/docs/passport',
  fields: [
    instanceField,
    clientIdField,
    secretField,
    scopeField('', 'Empty: all that the person may do.'),
    redirectField(loopback),
  ],
  notes: [eitherWay, 'Each refresh gives a new refresh token and ends the one before.'],
  settings: (values) => ({
    grant: codeGrant(values),
    server: serverOf(values),
    client: clientOf(values, 'client_secret_post'),
    scope: textOf(values, 'scope'),
  }),
};

/** ProcessMaker for who holds a refresh token already. */
export const processMakerRefresh: Preset = {
  id: 'processmaker_refresh',
  name: 'ProcessMaker with a refresh token',
  maker: 'ProcessMaker',
  text: 'You hold a refresh token already, and no screen is to be shown.',
  documentation: 'https://laravel.com/docs/passport#refreshing-tokens',
  fields: [
    instanceField,
    field({
      name: 'refreshToken',
      label: 'Refresh token',
      hint: 'The one that you hold. Stored in your vault, never in the project.',
      kind: 'secret',
    }),
    clientIdField,
    secretField,
    scopeField('', 'Empty: as the refresh token has it.'),
  ],
  notes: [eitherWay],
  settings: (values) => ({
    grant: { kind: 'refresh_token' },
    server: serverOf(values),
    client: clientOf(values, 'client_secret_post'),
    scope: textOf(values, 'scope'),
  }),
};

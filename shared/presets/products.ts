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

/** Salesforce, whose answers do not say how long a token lives. */
export const salesforce: Preset = {
  id: 'salesforce',
  name: 'Salesforce',
  maker: 'Salesforce',
  text: 'Signs a person in with a connected app.',
  documentation: 'https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_web_server_flow.htm',
  fields: [
    field({
      name: 'url',
      label: 'Login address',
      hint: 'login.salesforce.com, test.salesforce.com for a sandbox, or the organization’s own domain.',
      value: 'https://login.salesforce.com',
      kind: 'address',
    }),
    { ...clientIdField, label: 'Consumer key' },
    { ...optionalSecretField, label: 'Consumer secret' },
    scopeField('api refresh_token', 'refresh_token gives one.'),
    redirectField('http://localhost:1717/OauthRedirect'),
  ],
  notes: [
    'No answer says when its token ends: two hours are assumed, the default of the session settings. A 401 renews it in any case.',
  ],
  settings(values) {
    const server = addressOf(values, 'url');
    return {
      grant: codeGrant(values),
      server: {
        authorizationUrl: `${server}/services/oauth2/authorize`,
        tokenUrl: `${server}/services/oauth2/token`,
        revocationUrl: `${server}/services/oauth2/revoke`,
        introspectionUrl: `${server}/services/oauth2/introspect`,
        jwksUrl: `${server}/id/keys`,
      },
      client: clientOf(values, 'client_secret_post'),
      scope: textOf(values, 'scope'),
      accessLifetime: { kind: 'custom', value: 2, unit: 'hours' },
    };
  },
};

/** GitHub's OAuth apps and GitHub Apps, which answer as a form unless they are asked for JSON. */
export const github: Preset = {
  id: 'github',
  name: 'GitHub',
  maker: 'GitHub',
  text: 'Signs a person in with an OAuth app or a GitHub App.',
  documentation: 'https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps',
  fields: [
    field({
      name: 'url',
      label: 'Server',
      hint: 'Another one for GitHub Enterprise Server.',
      value: 'https://github.com',
      kind: 'address',
    }),
    clientIdField,
    secretField,
    scopeField('read:user', 'Ignored by GitHub Apps, which have permissions.'),
    redirectField(loopback),
  ],
  notes: [
    'An OAuth app’s token does not end. A GitHub App’s ends after 8 hours, and comes with a refresh token.',
  ],
  settings(values) {
    const server = addressOf(values, 'url');
    return {
      grant: codeGrant(values),
      server: {
        authorizationUrl: `${server}/login/oauth/authorize`,
        tokenUrl: `${server}/login/oauth/access_token`,
        deviceAuthorizationUrl: `${server}/login/device/code`,
      },
      client: clientOf(values, 'client_secret_post'),
      scope: textOf(values, 'scope'),
    };
  },
};

/** GitLab, in the cloud or self-managed. */
export const gitlab: Preset = {
  id: 'gitlab',
  name: 'GitLab',
  maker: 'GitLab',
  text: 'Signs a person in with an application of GitLab.',
  documentation: 'https://docs.gitlab.com/api/oauth2/',
  fields: [
    field({
      name: 'url',
      label: 'Server',
      hint: 'Another one for a self-managed GitLab.',
      value: 'https://gitlab.com',
      kind: 'address',
    }),
    clientIdField,
    optionalSecretField,
    scopeField('openid read_api', 'Only those that are ticked in the application.'),
    redirectField(loopback),
  ],
  notes: ['Access tokens live two hours. Each refresh ends both tokens of before.'],
  settings(values) {
    const server = addressOf(values, 'url');
    return {
      grant: codeGrant(values),
      server: {
        issuer: server,
        authorizationUrl: `${server}/oauth/authorize`,
        tokenUrl: `${server}/oauth/token`,
        revocationUrl: `${server}/oauth/revoke`,
        introspectionUrl: `${server}/oauth/introspect`,
        deviceAuthorizationUrl: `${server}/oauth/authorize_device`,
        jwksUrl: `${server}/oauth/discovery/keys`,
      },
      client: clientOf(values, 'client_secret_post'),
      scope: textOf(values, 'scope'),
    };
  },
};

/** Slack, whose answers say `ok`, and whose errors come with status 200. */
export const slack: Preset = {
  id: 'slack',
  name: 'Slack',
  maker: 'Slack',
  text: 'Installs an app in a workspace, for its bot or for a person.',
  documentation: 'https://docs.slack.dev/authentication/installing-with-oauth',
  fields: [
    clientIdField,
    secretField,
    scopeField('channels:read', 'Of the bot, separated by spaces.'),
    field({
      name: 'userScope',
      label: 'User scope',
      hint: 'Of the person, separated by commas; then the token is the person’s where no bot is asked for.',
      optional: true,
    }),
    redirectField('https://localhost/callback'),
  ],
  notes: [
    'Slack wants a redirect URI with https; the app catches it.',
    'Tokens do not end unless token rotation is switched on for the app.',
  ],
  settings(values) {
    const userScope = textOf(values, 'userScope');
    return {
      grant: codeGrant(values),
      server: {
        authorizationUrl: 'https://slack.com/oauth/v2/authorize',
        tokenUrl: 'https://slack.com/api/oauth.v2.access',
      },
      client: clientOf(values, 'client_secret_post'),
      scope: textOf(values, 'scope'),
      parameters:
        userScope === ''
          ? []
          : [{ name: 'user_scope', value: userScope, in: 'query', to: ['authorization'] }],
      // The answer's token type says whose it is.
      placement: { kind: 'header', prefix: 'Bearer' },
    };
  },
};

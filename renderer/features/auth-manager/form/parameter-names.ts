import type { Parameter, ParameterTarget, ReservedParameter } from '../../../../shared/model/parameter.ts';

/** A parameter that servers know, in a tester's words. */
export interface KnownParameter {
  name: string;
  text: string;
  /** Where it belongs when it is chosen. */
  to: readonly ParameterTarget[];
  /** A value to begin with; default empty. */
  example?: string;
}

const authorization = ['authorization'] as const;
const both = ['authorization', 'token'] as const;
const everywhere = ['authorization', 'token', 'refresh'] as const;

/** Names that are suggested; any other may be typed. */
export const knownParameters: readonly KnownParameter[] = [
  {
    name: 'audience',
    text: 'The API that the token is for, where the server asks for it by name, as Auth0 does.',
    to: both,
  },
  {
    name: 'resource',
    text: 'The API that the token is for, as its URL (RFC 8707). May stand more than once.',
    to: everywhere,
  },
  {
    name: 'prompt',
    text: 'login asks for the password again, consent asks for consent again, none shows no page, select_account lets the person choose.',
    to: authorization,
    example: 'consent',
  },
  {
    name: 'login_hint',
    text: 'Who is going to sign in, so that the login page is filled in. A {{variable}} of the persona will do.',
    to: authorization,
    example: '{{user}}',
  },
  {
    name: 'acr_values',
    text: 'How strongly the person must sign in, best first, such as a level that wants a second factor.',
    to: authorization,
  },
  {
    name: 'access_type',
    text: 'Google: offline asks for a refresh token. It comes for certain together with prompt = consent.',
    to: authorization,
    example: 'offline',
  },
  {
    name: 'nonce',
    text: 'A value that comes back inside the ID token. With openid the app makes one by itself.',
    to: authorization,
  },
  {
    name: 'max_age',
    text: 'How many seconds an earlier sign-in may count; 0 asks for the password each time.',
    to: authorization,
    example: '0',
  },
  {
    name: 'ui_locales',
    text: 'The languages of the login pages, best first: de en.',
    to: authorization,
    example: 'en',
  },
  {
    name: 'claims',
    text: 'Claims wanted in the ID token or from userinfo, as a JSON object.',
    to: authorization,
    example: '{"id_token":{"email":null}}',
  },
  {
    name: 'display',
    text: 'How the login page is laid out: page, popup, touch or wap.',
    to: authorization,
    example: 'page',
  },
  {
    name: 'id_token_hint',
    text: 'An ID token from before, which says who is going to sign in.',
    to: authorization,
  },
  {
    name: 'domain_hint',
    text: 'Microsoft: the domain of the person, which skips the page that asks for it.',
    to: authorization,
  },
  { name: 'tenant', text: 'The customer of a server that has many of them.', to: both },
  { name: 'hd', text: 'Google: only accounts of this domain.', to: authorization },
  { name: 'connection', text: 'Auth0: which login to use, such as one company’s.', to: authorization },
  { name: 'organization', text: 'Auth0: the organization that the person signs in to.', to: authorization },
  { name: 'identity_provider', text: 'Cognito: the login that the person is sent to.', to: authorization },
  { name: 'kc_idp_hint', text: 'Keycloak: the login that the person is sent to.', to: authorization },
  { name: 'idp', text: 'Okta: the login that the person is sent to.', to: authorization },
  {
    name: 'authorization_details',
    text: 'What exactly is asked for, as JSON (RFC 9396).',
    to: both,
    example: '[{"type":""}]',
  },
  {
    name: 'include_granted_scopes',
    text: 'Google: true adds the scopes that were granted before.',
    to: authorization,
    example: 'true',
  },
  {
    name: 'validity_period',
    text: 'WSO2: how long the access token lives, in seconds; -1 for ever.',
    to: ['token'],
    example: '3600',
  },
  { name: 'user_scope', text: 'Slack: scopes of the person’s own token.', to: authorization },
];

/** A known parameter by its name, or undefined. */
export function knownParameter(name: string): KnownParameter | undefined {
  return knownParameters.find((known) => known.name === name.trim());
}

const client = 'Client authentication in the Client section';
const given = 'it comes from the server in its answer';
const pkce = 'choose PKCE in the Grant section';

/** Of what the app sends itself, why; of what has a field, where that is. */
const owners: Readonly<Record<ReservedParameter, { field: string } | { sent: string }>> = {
  actor_token: { field: 'Actor token of the grant “Token exchange”' },
  assertion: { field: 'the JWT of the grant “JWT bearer”' },
  auth_req_id: { sent: given },
  client_assertion: { field: client },
  client_assertion_type: { field: client },
  client_id: { field: 'Client ID in the Client section' },
  client_secret: { field: 'Client secret in the Client section' },
  code: { sent: 'it comes from the server with the redirect' },
  code_challenge: { sent: pkce },
  code_challenge_method: { sent: pkce },
  code_verifier: { sent: pkce },
  device_code: { sent: given },
  grant_type: { field: 'the Grant at the top' },
  password: { field: 'a value of the persona, for the grant “Password”' },
  redirect_uri: { field: 'Redirect URI in the Client section' },
  refresh_token: { field: 'the grant “Refresh token” at the top, or the token of the profile itself' },
  request: { field: 'Signed request in the Protection section' },
  request_uri: { field: 'Pushed request or Signed request in the Protection section' },
  response_mode: { field: 'Response mode in the Grant section' },
  response_type: { field: 'Response type in the Grant section' },
  state: { sent: 'a fresh one goes with each sign-in and is checked' },
  subject_token: { field: 'Subject token of the grant “Token exchange”' },
  username: { field: 'a value of the persona, for the grant “Password”' },
};

function isReserved(name: string): name is ReservedParameter {
  return Object.hasOwn(owners, name);
}

/** Why a name cannot be a parameter's, and where to put its value; undefined: it can. */
export function reservedAdvice(name: string): string | undefined {
  if (!isReserved(name)) return undefined;
  const owner = owners[name];
  return 'field' in owner
    ? `${name} has its own field: ${owner.field}. Remove this row.`
    : `The app sends ${name} itself: ${owner.sent}. Remove this row.`;
}

/** A row with the name of a known parameter, where it belongs and with a value to begin with. */
export function chosen(row: Parameter, name: string): Parameter {
  const known = knownParameter(name);
  if (known === undefined) return { ...row, name };
  const value = row.value === '' ? (known.example ?? '') : row.value;
  return { ...row, name, value, to: [...known.to] };
}

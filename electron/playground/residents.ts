import type { ClientMetadata } from 'oidc-provider';
import type { PlaygroundUser } from '../../shared/model/playground.ts';

/** The playground's users. Their passwords are public: the login page shows them. */
export const users: readonly PlaygroundUser[] = [
  { username: 'alice', password: 'alice-pw', name: 'Alice Admin' },
  { username: 'bob', password: 'bob-pw', name: 'Bob Reader' },
  { username: 'carol', password: 'carol-pw', name: 'Carol' },
];

/** What each scope lets a client do, in the consent page's words. */
export const scopes: Readonly<Record<string, string>> = {
  openid: 'Know who you are',
  profile: 'See your name and user name',
  offline_access: 'Stay signed in, by a refresh token',
  'orders.read': 'Read orders',
  'orders.write': 'Create orders',
};

/** The user of this name, if the password is theirs. */
export function userOf(username: string, password: string): PlaygroundUser | undefined {
  return users.find((user) => user.username === username && user.password === password);
}

/** Those of the space-separated scopes that the playground knows, each once. */
export function knownScopes(scope: string): string[] {
  return [...new Set(scope.split(' '))].filter((each) => Object.hasOwn(scopes, each));
}

/** What to say to a client that asked for none of them. */
export const noKnownScope = `Ask for at least one of these scopes: ${Object.keys(scopes).join(' ')}`;

// As native applications (RFC 8252 section 7.3) they may come back to any port of the loopback interface.
const withConsent = {
  application_type: 'native',
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  redirect_uris: ['http://127.0.0.1/callback', 'http://localhost/callback', 'https://example.test/callback'],
  post_logout_redirect_uris: [
    'http://127.0.0.1/signed-out',
    'http://localhost/signed-out',
    'https://example.test/signed-out',
  ],
} as const;

/** A client that the playground knows, with the name it shows and its public secret, if it has one. */
export type PlaygroundClient = ClientMetadata & { client_name: string };

/**
 * The playground's clients: one for each way of client authentication, one that takes the user's password itself, and
 * one that acts for itself.
 */
export const clients: readonly PlaygroundClient[] = [
  {
    ...withConsent,
    client_id: 'playground-app',
    client_name: 'Playground App',
    token_endpoint_auth_method: 'none',
  },
  {
    ...withConsent,
    client_id: 'playground-web',
    client_name: 'Playground Web',
    client_secret: 'playground-web-secret',
    token_endpoint_auth_method: 'client_secret_basic',
  },
  {
    ...withConsent,
    client_id: 'playground-post',
    client_name: 'Playground Post',
    client_secret: 'playground-post-secret',
    token_endpoint_auth_method: 'client_secret_post',
  },
  {
    client_id: 'playground-password',
    client_name: 'Playground Password',
    client_secret: 'playground-password-secret',
    token_endpoint_auth_method: 'client_secret_basic',
    grant_types: ['password', 'refresh_token'],
    response_types: [],
    redirect_uris: [],
  },
  {
    client_id: 'playground-service',
    client_name: 'Playground Service',
    client_secret: 'playground-service-secret',
    token_endpoint_auth_method: 'client_secret_basic',
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    scope: 'orders.read orders.write',
  },
];

/** The name that a client shows; empty for an unknown one. */
export function nameOf(clientId: string): string {
  return clients.find((client) => client.client_id === clientId)?.client_name ?? '';
}

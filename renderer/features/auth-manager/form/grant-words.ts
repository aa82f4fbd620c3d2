import type { GrantKind } from '../../../../shared/model/grant.ts';
import { keysOf } from './pick.ts';

/** A grant in a tester's words. */
interface GrantWords {
  label: string;
  /** When to use it, in a line. */
  text: string;
}

/** Each grant, in the order in which they are offered. */
export const grantWords: Readonly<Record<GrantKind, GrantWords>> = {
  authorization_code: {
    label: 'Authorization code',
    text: 'A person signs in on the server’s pages. For apps and APIs that people use.',
  },
  client_credentials: {
    label: 'Client credentials',
    text: 'The client alone gets the token; nobody signs in. For services that call services.',
  },
  password: {
    label: 'Password',
    text: 'User name and password go straight to the server, without pages. For old servers that still allow it.',
  },
  refresh_token: {
    label: 'Refresh token',
    text: 'You hold a refresh token from elsewhere: paste it, and tokens come from it.',
  },
  device_code: {
    label: 'Device code',
    text: 'You sign in on another screen with a code. For TVs, command lines and devices.',
  },
  jwt_bearer: {
    label: 'JWT bearer',
    text: 'A JWT that your key signs becomes a token. For service accounts, as at Google and Salesforce.',
  },
  token_exchange: {
    label: 'Token exchange',
    text: 'A token that you have is exchanged for another one. For calls on behalf of somebody.',
  },
  ciba: {
    label: 'CIBA',
    text: 'Backchannel: the person is asked on their own phone. For call centers, tills and banks.',
  },
  implicit: {
    label: 'Implicit',
    text: 'The token comes in the redirect itself. Only for old servers: authorization code replaces it.',
  },
};

const common: ReadonlySet<GrantKind> = new Set(['authorization_code', 'client_credentials', 'password']);

const all = keysOf(grantWords).map((value) => ({ value, ...grantWords[value] }));

/** The grants that most servers know, in sight at once. */
export const commonGrants = all.filter(({ value }) => common.has(value));

/** The further grants. */
export const otherGrants = all.filter(({ value }) => !common.has(value));

import type { GrantKind } from '../../../../shared/model/grant.ts';

/** A grant in a tester's words. */
interface GrantWords {
  value: GrantKind;
  label: string;
  /** When to use it, in a line. */
  text: string;
}

/** The grants that most servers know, in sight at once. */
export const commonGrants: readonly GrantWords[] = [
  {
    value: 'authorization_code',
    label: 'Authorization code',
    text: 'A person signs in on the server’s pages. For apps and APIs that people use.',
  },
  {
    value: 'client_credentials',
    label: 'Client credentials',
    text: 'The client alone gets the token; nobody signs in. For services that call services.',
  },
  {
    value: 'password',
    label: 'Password',
    text: 'User name and password go straight to the server, without pages. For old servers that still allow it.',
  },
];

/** The further grants. */
export const otherGrants: readonly GrantWords[] = [
  {
    value: 'refresh_token',
    label: 'Refresh token',
    text: 'You hold a refresh token from elsewhere: paste it, and tokens come from it.',
  },
  {
    value: 'device_code',
    label: 'Device code',
    text: 'You sign in on another screen with a code. For TVs, command lines and devices.',
  },
  {
    value: 'jwt_bearer',
    label: 'JWT bearer',
    text: 'A JWT that your key signs becomes a token. For service accounts, as at Google and Salesforce.',
  },
  {
    value: 'token_exchange',
    label: 'Token exchange',
    text: 'A token that you have is exchanged for another one. For calls on behalf of somebody.',
  },
  {
    value: 'ciba',
    label: 'CIBA',
    text: 'Backchannel: the person is asked on their own phone. For call centers, tills and banks.',
  },
  {
    value: 'implicit',
    label: 'Implicit',
    text: 'The token comes in the redirect itself. Only for old servers: authorization code replaces it.',
  },
];

/** When to use a grant, in a line. */
export function grantText(kind: GrantKind): string {
  return [...commonGrants, ...otherGrants].find(({ value }) => value === kind)?.text ?? '';
}

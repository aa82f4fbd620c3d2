import type { Finding } from '../model/finding.ts';
import { type Grant, isRedirectGrant, type RedirectGrantKind } from '../model/grant.ts';
import { lifetimeMs, type Profile, serverSchema } from '../model/profile.ts';
import { serverLabels } from '../model/server-labels.ts';
import { referencedVariable } from '../model/variable.ts';
import { addressKind, filled, isLoopbackName } from './addresses.ts';
import { type Advice, adviceOn, met } from './advice.ts';

type RedirectGrant = Extract<Grant, { kind: RedirectGrantKind }>;

/** A longer life is no longer short (RFC 6750 section 5.3), in milliseconds. */
export const longestShortMs = 3600 * 1000;

const secretKinds: ReadonlySet<string> = new Set([
  'client_secret_basic',
  'client_secret_post',
  'client_secret_jwt',
]);

function redirected({ grant }: Profile): RedirectGrant | null {
  return isRedirectGrant(grant) ? grant : null;
}

function bringsAccessToken(grant: RedirectGrant): boolean {
  return grant.responseType.split(' ').includes('token');
}

/** The rules of RFC 9700 and of what it builds on, as far as a profile can keep or break them; those that weigh most first. */
export const profileAdvice: readonly Advice<Profile>[] = [
  {
    code: 'password_grant',
    severity: 'high',
    source: 'RFC 9700 section 2.4',
    text: () =>
      'The password grant hands the password of the person to the client, and must not be used. Use the authorization code grant.',
    find: ({ grant }) => met(grant.kind === 'password'),
  },
  {
    code: 'token_in_query',
    severity: 'high',
    source: 'RFC 9700 section 4.3.2',
    text: (about) =>
      `The token goes in the query parameter ${about}, where logs, histories and Referer headers keep it. Put it into a header.`,
    find: ({ placement }) => (placement.kind === 'query' ? placement.name : null),
  },
  {
    code: 'tls_unverified',
    severity: 'high',
    source: 'RFC 6749 section 10.9',
    text: () =>
      'Certificates are not checked, so that anybody on the way can pose as the server and take the tokens.',
    find: ({ verifyTls }) => met(!verifyTls),
  },
  {
    code: 'http_endpoint',
    severity: 'high',
    source: 'RFC 6749 section 3.2',
    text: (about) =>
      `Not encrypted: ${about}. What goes there can be read and changed on its way. Use https.`,
    find: ({ server }) => {
      const names = serverSchema
        .keyof()
        .options.flatMap((name) =>
          addressKind(server[name]) === 'http' ? serverLabels[`server.${name}`] : [],
        );
      return names.length === 0 ? null : names.join(', ');
    },
  },
  {
    code: 'redirect_http',
    severity: 'high',
    source: 'RFC 9700 section 2.6',
    text: () => 'The Redirect URI is not encrypted: only a loopback address may use http.',
    find: (profile) => met(addressKind(redirected(profile)?.redirectUri ?? '') === 'http'),
  },
  {
    code: 'pkce_missing_public',
    severity: 'high',
    source: 'RFC 9700 section 2.1.1',
    text: () => 'A public client must use PKCE, or whoever gets hold of the code can use it. Choose S256.',
    find: ({ grant, client }) =>
      met(grant.kind === 'authorization_code' && grant.pkce === 'none' && client.kind === 'none'),
  },
  {
    code: 'token_in_redirect_query',
    severity: 'high',
    source: 'RFC 9700 section 4.3.2',
    text: () => 'The access token comes in the query of the redirect, where logs and histories keep it.',
    find: (profile) => {
      const grant = redirected(profile);
      return met(grant !== null && bringsAccessToken(grant) && grant.responseMode === 'query');
    },
  },
  {
    code: 'implicit_grant',
    severity: 'medium',
    source: 'RFC 9700 section 2.1.2',
    text: () =>
      'The implicit grant brings the access token in the redirect, where it can leak and be replaced. Use the authorization code grant with PKCE.',
    find: ({ grant }) => met(grant.kind === 'implicit' && bringsAccessToken(grant)),
  },
  {
    code: 'token_in_redirect',
    severity: 'medium',
    source: 'RFC 9700 section 2.1.2',
    text: (about) =>
      `The response type ${about} brings an access token in the redirect, where it can leak. Have it come from the Token URL alone.`,
    find: ({ grant }) =>
      grant.kind === 'authorization_code' && bringsAccessToken(grant) ? grant.responseType : null,
  },
  {
    code: 'pkce_missing',
    severity: 'medium',
    source: 'RFC 9700 section 2.1.1',
    text: () =>
      'PKCE is recommended for clients with a secret too: it keeps a stolen code from being used. Choose S256.',
    find: ({ grant, client }) =>
      met(grant.kind === 'authorization_code' && grant.pkce === 'none' && client.kind !== 'none'),
  },
  {
    code: 'pkce_plain',
    severity: 'medium',
    source: 'RFC 9700 section 2.1.1',
    text: () => 'PKCE with plain shows its secret in the authorization request. Choose S256.',
    find: ({ grant }) => met(grant.kind === 'authorization_code' && grant.pkce === 'plain'),
  },
  {
    code: 'refresh_token_shared',
    severity: 'medium',
    source: 'RFC 9700 section 4.14.2',
    text: () =>
      'All personas begin with the same refresh token. A server that gives a new one at each use takes the second use of the old one for theft, and ends them all. Give each persona one of its own, in a value that the profile names.',
    find: ({ grant, personas }) => {
      if (grant.kind !== 'refresh_token' || personas.length < 2) return null;
      const name = referencedVariable(grant.refreshToken.trim());
      return met(!personas.every(({ values }) => values.some((value) => value.name === name)));
    },
  },
  {
    code: 'secret_in_app',
    severity: 'medium',
    source: 'RFC 8252 section 8.5',
    text: (about) =>
      `A Redirect URI of the scheme ${about} is that of an app on a device, where no client secret stays secret. Make it a public client with PKCE.`,
    find: (profile) => {
      const uri = redirected(profile)?.redirectUri ?? '';
      if (!secretKinds.has(profile.client.kind) || addressKind(uri) !== 'other_scheme') return null;
      return uri.trim().split(':', 1)[0] ?? '';
    },
  },
  {
    code: 'secret_in_body',
    severity: 'low',
    source: 'RFC 6749 section 2.3.1',
    text: () =>
      'The client secret goes in the body of the request, which is not recommended. Use Basic, or a signed JWT.',
    find: ({ client }) => met(client.kind === 'client_secret_post'),
  },
  {
    code: 'access_lifetime_long',
    severity: 'low',
    source: 'RFC 6750 section 5.3',
    text: () => 'The profile has access tokens live for more than an hour, whatever the server says.',
    find: ({ accessLifetime }) => met((lifetimeMs(accessLifetime) ?? 0) > longestShortMs),
  },
  {
    code: 'assertion_long',
    severity: 'low',
    source: 'RFC 7523 section 3',
    text: () =>
      'The signed JWT is good for more than an hour: whoever sees it can use it for as long. Minutes are enough.',
    find: ({ grant }) =>
      met(
        grant.kind === 'jwt_bearer' &&
          grant.assertion.kind === 'signed' &&
          grant.assertion.lifetimeSeconds * 1000 > longestShortMs,
      ),
  },
  {
    code: 'shared_secret',
    severity: 'note',
    source: 'RFC 9700 section 2.5',
    text: () =>
      'The client proves itself by a secret that the server knows too. A private key or mutual TLS is recommended.',
    find: ({ client }) => met(secretKinds.has(client.kind)),
  },
  {
    code: 'token_unbound',
    severity: 'note',
    source: 'RFC 9700 section 2.2.1',
    text: () => 'Whoever gets hold of the access token can use it. DPoP or mutual TLS binds it to a key.',
    find: ({ protection, client }) =>
      met(protection.dpop.kind === 'off' && client.kind !== 'tls_client_auth'),
  },
  {
    code: 'issuer_unknown',
    severity: 'note',
    source: 'RFC 9700 section 4.4.2',
    text: () => 'Without an Issuer nothing tells whether the redirect comes from the right server.',
    find: (profile) => met(redirected(profile) !== null && profile.server.issuer.trim() === ''),
  },
  {
    code: 'redirect_localhost',
    severity: 'note',
    source: 'RFC 8252 section 8.3',
    text: () =>
      'The Redirect URI names localhost, which may be looked up elsewhere. 127.0.0.1 is recommended.',
    find: (profile) => met(isLoopbackName(redirected(profile)?.redirectUri ?? '')),
  },
];

/**
 * What RFC 9700 has to say of a profile, the gravest first. `variables`: those whose values may be looked at; an address
 * with another one in it counts as unknown where that decides.
 */
export function adviseProfile(profile: Profile, variables: Readonly<Record<string, string>> = {}): Finding[] {
  const { grant, server } = profile;
  const urls = Object.entries(server).map(([name, url]) => [name, filled(url, variables)]);
  const known = {
    ...profile,
    server: { ...server, ...Object.fromEntries(urls) },
    grant: 'redirectUri' in grant ? { ...grant, redirectUri: filled(grant.redirectUri, variables) } : grant,
  };
  return adviceOn(profileAdvice, known);
}

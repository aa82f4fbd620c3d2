import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createOAuthContext } from '../../../../electron/oauth/context.ts';
import { tryDocument } from '../../../../electron/oauth/discovery-document.ts';
import { serverSupportSchema } from '../../../../shared/model/server-support.ts';
import {
  headers,
  hostileJson,
  hostileObject,
  hostileText,
  outcome,
  patience,
  runs,
  statuses,
  written,
} from './arbitrary.ts';

const issuer = 'https://login.example';
const names = [
  ...[
    'issuer',
    'authorization_endpoint',
    'token_endpoint',
    'revocation_endpoint',
    'jwks_uri',
    'end_session_endpoint',
  ],
  ...[
    'mtls_endpoint_aliases',
    'grant_types_supported',
    'scopes_supported',
    'code_challenge_methods_supported',
  ],
  ...['id_token_signing_alg_values_supported', 'authorization_response_iss_parameter_supported', '__proto__'],
  ...[
    'require_pushed_authorization_requests',
    'device_authorization_endpoint',
    'dpop_signing_alg_values_supported',
  ],
];
const good = fc.constantFrom<object>(
  {},
  { issuer, token_endpoint: 'https://login.example/token' },
  { issuer: `${issuer}/`, authorization_endpoint: 'https://login.example/auth' },
);
const body = fc.oneof(
  {
    weight: 10,
    arbitrary: written(
      fc.tuple(hostileObject(names), good).map(([hostile, well]) => ({ ...hostile, ...well })),
    ),
  },
  { weight: 1, arbitrary: written(hostileJson()) },
  { weight: 1, arbitrary: hostileText() },
);
const locations = fc.option(
  fc.oneof(fc.webUrl(), fc.constantFrom('/', '//', 'file:///etc/passwd', 'x:y', '%')),
);

it('takes any document for metadata that fits its type, or for a failed attempt', patience, async () => {
  let found = 0;
  await fc.assert(
    fc.asyncProperty(body, statuses, headers, locations, async (text, status, named, location) => {
      const context = createOAuthContext({
        now: Date.now,
        fetch: async () =>
          new Response(status === 204 || status === 304 ? null : text, {
            status,
            headers: { ...named, ...(location === null ? {} : { location }) },
          }),
      });
      const attempt = await outcome(() => tryDocument(`${issuer}/.well-known/x`, issuer, context, undefined));
      if (!('kind' in attempt)) throw attempt;
      if (attempt.kind === 'failed') {
        expect(attempt.problem.length).toBeLessThan(1_000);
        return;
      }
      found += 1;
      const {
        supports,
        mtlsUrls,
        issuer: own,
        announcesIssuer,
        idTokenAlgorithms,
        ...urls
      } = attempt.metadata;
      serverSupportSchema.parse(supports);
      expect(own.replace(/\/$/, '')).toBe(issuer);
      expect(typeof announcesIssuer).toBe('boolean');
      expect(idTokenAlgorithms === null || Array.isArray(idTokenAlgorithms)).toBe(true);
      for (const url of [...Object.values(urls), ...Object.values(mtlsUrls)]) {
        expect(url === '' || /^https?:$/.test(new URL(url).protocol)).toBe(true);
      }
    }),
    runs,
  );
  expect(found).toBeGreaterThan(runs.numRuns / 50);
});

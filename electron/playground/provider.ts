import { generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { Configuration, JWK } from 'oidc-provider';
import { Provider } from 'oidc-provider/lib/provider.js';
import { z } from 'zod';
import type { PlaygroundSettings } from '../../shared/model/playground.ts';
import type { MemoryStore } from './memory-store.ts';
import { problemPage } from './pages.ts';
import { clients, scopes, users } from './residents.ts';

const jwkSchema = z.looseObject({ kty: z.literal('RSA') });

/** Makes the key that signs id tokens (RS256, which every client understands). */
export async function generateSigningKey(): Promise<JWK> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return jwkSchema.parse(privateKey.export({ format: 'jwk' }));
}

const day = 24 * 60 * 60;

function accountOf(username: string) {
  const user = users.find((each) => each.username === username);
  return (
    user && {
      accountId: user.username,
      claims: async () => ({ sub: user.username, name: user.name, preferred_username: user.username }),
    }
  );
}

function configuration(
  store: MemoryStore,
  signingKey: JWK,
  settings: () => PlaygroundSettings,
): Configuration {
  const accessLifetime = () => settings().accessLifetimeSeconds;
  const refreshLifetime = () => settings().refreshLifetimeSeconds;
  return {
    adapter: (model: string) => store.adapter(model),
    clients,
    scopes: Object.keys(scopes),
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'] },
    conformIdTokenClaims: false,
    findAccount: (_ctx, username) => accountOf(username),
    jwks: { keys: [signingKey] },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    clockTolerance: 0,
    clientBasedCORS: () => false,
    // Only the grant that this very flow asked consent for, never one of an earlier flow.
    loadExistingGrant: async ({ oidc }) => {
      const grantId = oidc.result?.consent?.grantId;
      return grantId === undefined ? undefined : oidc.provider.Grant.find(grantId);
    },
    expiresWithSession: () => false,
    rotateRefreshToken: () => settings().rotation,
    ttl: {
      AccessToken: accessLifetime,
      ClientCredentials: accessLifetime,
      RefreshToken: refreshLifetime,
      AuthorizationCode: 60,
      IdToken: 3600,
      Interaction: 3600,
      Session: day,
      // A grant must outlive its refresh tokens, each of which may be renewed.
      Grant: 3650 * day,
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      resourceIndicators: { enabled: false },
      rpInitiatedLogout: { enabled: false },
    },
    renderError(ctx, out) {
      const page = problemPage('This cannot go on', out.error_description ?? out.error, out.error);
      for (const [name, value] of Object.entries(page.headers)) ctx.set(name, String(value));
      ctx.type = 'html';
      ctx.body = page.text;
    },
  };
}

/** Makes the authorization server. It prints nothing, keeps all it knows in the store, and reads the settings live. */
export function createProvider(
  issuer: string,
  parts: { store: MemoryStore; signingKey: JWK; settings: () => PlaygroundSettings },
): Provider {
  const provider = new Provider(issuer, configuration(parts.store, parts.signingKey, parts.settings));
  // Koa would print what fails inside it; who asked has been told by a 500.
  provider.silent = true;
  return provider;
}

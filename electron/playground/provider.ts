import { generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { Configuration, JWK } from 'oidc-provider';
import { CustomOIDCProviderError } from 'oidc-provider/lib/helpers/errors.js';
import { Provider } from 'oidc-provider/lib/provider.js';
import { z } from 'zod';
import type { PlaygroundSettings } from '../../shared/model/playground.ts';
import type { MemoryStore } from './memory-store.ts';
import { problemPage } from './pages.ts';
import { registerPasswordGrant } from './password-grant.ts';
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

/** Revocation (RFC 7009) and introspection (RFC 7662): each client for its own tokens. */
const ownTokens = {
  revocation: {
    enabled: true,
    // Either token takes all others of its grant with it; revoking a refresh token forgets the consent as well.
    allowedPolicy(_ctx, client, token) {
      if (token.clientId === client.clientId) return true;
      throw new CustomOIDCProviderError('invalid_request', 'This token was issued to another client.');
    },
  },
  introspection: {
    enabled: true,
    allowedPolicy(_ctx, client, token) {
      // What is told is the end that it was issued with; the store shows oidc-provider one second more.
      if (token.exp !== undefined) token.exp -= 1;
      return token.clientId === client.clientId;
    },
  },
} satisfies Configuration['features'];

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
      // For discovery and the clients' redirect URIs; the address itself is answered by logout.ts.
      rpInitiatedLogout: { enabled: true },
      ...ownTokens,
    },
    routes: { revocation: '/revoke', introspection: '/introspect', end_session: '/logout' },
    renderError(ctx, out) {
      const page = problemPage('This cannot go on', out.error_description ?? out.error, out.error);
      for (const [name, value] of Object.entries(page.headers)) ctx.set(name, String(value));
      ctx.type = 'html';
      ctx.body = page.text;
    },
  };
}

/** What the authorization server is made of. */
export interface ProviderParts {
  store: MemoryStore;
  signingKey: JWK;
  settings(): PlaygroundSettings;
  /** Called when a refresh token comes back that has been replaced; its whole chain is revoked by then. */
  reused(): void;
}

/** Makes the authorization server. It prints nothing, keeps all it knows in the store, and reads the settings live. */
export function createProvider(issuer: string, parts: ProviderParts): Provider {
  const provider = new Provider(issuer, configuration(parts.store, parts.signingKey, parts.settings));
  registerPasswordGrant(provider);
  provider.on('grant.error', (ctx) => {
    if (ctx.oidc.entities.RefreshToken?.consumed) parts.reused();
  });
  // Koa would print what fails inside it; who asked has been told by a 500.
  provider.silent = true;
  return provider;
}

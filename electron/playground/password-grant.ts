import type { Provider, TokenEndpointGrantContext } from 'oidc-provider';
import { CustomOIDCProviderError } from 'oidc-provider/lib/helpers/errors.js';
import type { PlaygroundUser } from '../../shared/model/playground.ts';
import { knownScopes, noKnownScope, userOf } from './residents.ts';

type Context = TokenEndpointGrantContext<{ username?: string; password?: string }>;

async function issueIdToken(provider: Provider, ctx: Context, user: PlaygroundUser, profile: boolean) {
  const idToken = new provider.IdToken({}, { ctx });
  idToken.set('sub', user.username);
  if (profile) {
    idToken.set('name', user.name);
    idToken.set('preferred_username', user.username);
  }
  return idToken.issue({ use: 'idtoken' });
}

async function answer(provider: Provider, ctx: Context): Promise<void> {
  const { client, params } = ctx.oidc;
  const { username, password } = params;
  if (!username || !password) {
    throw new CustomOIDCProviderError('invalid_request', 'This grant takes a username and a password.');
  }
  const user = userOf(username, password);
  if (user === undefined) {
    throw new CustomOIDCProviderError('invalid_grant', 'The user name or password is wrong.');
  }
  const granted = new Set(knownScopes(params.scope ?? ''));
  if (granted.size === 0) throw new CustomOIDCProviderError('invalid_scope', noKnownScope);

  const scope = [...granted].join(' ');
  const grant = new provider.Grant({ accountId: user.username, clientId: client.clientId });
  grant.addOIDCScope(scope);
  const token = { accountId: user.username, client, grantId: await grant.save(), gty: 'password', scope };
  const accessToken = new provider.AccessToken(token);
  ctx.body = {
    access_token: await accessToken.save(),
    expires_in: accessToken.expiration,
    token_type: accessToken.tokenType,
    scope,
    refresh_token: granted.has('offline_access') ? await new provider.RefreshToken(token).save() : undefined,
    id_token: granted.has('openid')
      ? await issueIdToken(provider, ctx, user, granted.has('profile'))
      : undefined,
  };
}

/** Adds the resource owner password credentials grant (RFC 6749 section 4.3), for the playground's users. */
export function registerPasswordGrant(provider: Provider): void {
  provider.registerGrantType<{ username?: string; password?: string }>(
    'password',
    (ctx) => answer(provider, ctx),
    ['username', 'password', 'scope'],
  );
}

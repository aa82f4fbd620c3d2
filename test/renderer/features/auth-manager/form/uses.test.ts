import { describe, expect, it } from 'vitest';
import { usesOf } from '../../../../../renderer/features/auth-manager/form/uses.ts';

describe('the fields that a grant uses', () => {
  it.each([
    [
      'authorization_code',
      'authorizationUrl tokenUrl',
      'authorization token refresh',
      'redirect screens auth',
    ],
    ['implicit', 'authorizationUrl', 'authorization', 'redirect screens'],
    ['password', 'tokenUrl', 'token refresh', 'auth'],
    ['client_credentials', 'tokenUrl', 'token refresh', 'auth'],
    ['refresh_token', 'tokenUrl', 'token refresh', 'auth'],
    ['jwt_bearer', 'tokenUrl', 'token refresh', 'auth'],
    ['token_exchange', 'tokenUrl', 'token refresh', 'auth'],
    ['device_code', 'deviceAuthorizationUrl tokenUrl', 'authorization token refresh', 'screens auth'],
    ['ciba', 'backchannelAuthenticationUrl tokenUrl', 'authorization token refresh', 'auth'],
  ] as const)('%s: %s; parameters to %s; %s', (grantKind, endpoints, targets, rest) => {
    const uses = usesOf({ grantKind, pushedRequest: false });
    expect(uses.endpoints.join(' ')).toBe(endpoints);
    expect(uses.targets.join(' ')).toBe(targets);
    const words = [
      ...(uses.redirect ? ['redirect'] : []),
      ...(uses.screens ? ['screens'] : []),
      ...(uses.clientAuthentication ? ['auth'] : []),
    ];
    expect(words.join(' ')).toBe(rest);
    expect(uses.refreshToken).toBe(grantKind !== 'implicit');
    expect(uses.dpop).toBe(grantKind !== 'implicit');
  });

  it('take the pushed request’s endpoint and the client’s proof along, where a browser is sent', () => {
    const implicit = usesOf({ grantKind: 'implicit', pushedRequest: true });
    expect(implicit.endpoints).toContain('pushedAuthorizationUrl');
    expect(implicit.clientAuthentication).toBe(true);
    const silent = usesOf({ grantKind: 'client_credentials', pushedRequest: true });
    expect(silent.endpoints).toEqual(['tokenUrl']);
  });
});

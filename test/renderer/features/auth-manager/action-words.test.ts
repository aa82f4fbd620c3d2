import { describe, expect, it } from 'vitest';
import {
  askingActions,
  disabledReason,
  endingActions,
  outcomeWords,
} from '../../../../renderer/features/auth-manager/action-words.ts';
import { claimWords } from '../../../../renderer/features/auth-manager/claim-words.ts';
import { newProfile, type Profile, profileSchema } from '../../../../shared/model/profile.ts';
import type { TokenStatus } from '../../../../shared/model/token.ts';
import { emptyStatus, heldAccess } from '../../fake-engine.ts';

const discovering: Profile = profileSchema.parse({
  ...newProfile('Orders'),
  server: { issuer: 'https://id.example.com' },
});
const bare = newProfile('Orders');
const full = emptyStatus('orders', {
  access: heldAccess(0, 60_000),
  refresh: { kind: 'usable', expiresAtMs: null },
  idTokenHeld: true,
  sessionKept: true,
});

function possible(profile: Profile, status: TokenStatus | undefined): string[] {
  return [...askingActions, ...endingActions]
    .map(({ kind }) => kind)
    .filter((kind) => disabledReason(kind, profile, status) === null);
}

describe('what can be done with a token', () => {
  it('is everything when everything is held and the issuer names the endpoints', () => {
    expect(possible(discovering, full)).toHaveLength(10);
  });

  it('is nothing without a status or with nothing held', () => {
    expect(possible(discovering, undefined)).toEqual([]);
    expect(possible(discovering, emptyStatus('orders'))).toEqual([]);
  });

  it('is only what needs no server while the profile names neither endpoint nor issuer', () => {
    expect(possible(bare, full)).toEqual([
      'inspect',
      'copy',
      'copy_credential',
      'copy_curl',
      'clear_session',
      'forget',
    ]);
    expect(disabledReason('revoke', bare, full)).toContain('Revocation URL');
  });

  it('is no header of a token that each request must prove anew', () => {
    const access = { ...heldAccess(0, 60_000), tokenType: 'DPoP' };
    const bound = emptyStatus('orders', { access });
    expect(possible(bare, bound)).toEqual(['inspect', 'copy', 'forget']);
    expect(disabledReason('copy_curl', bare, bound)).toContain('proof');
  });

  it('is also for a refresh token alone, were it refused', () => {
    const refused = emptyStatus('orders', { refresh: { kind: 'refused', reason: 'invalid_request' } });
    expect(possible(discovering, refused)).toEqual(['introspect_refresh', 'revoke', 'forget']);
  });

  it('ends no session where the grant opens none', () => {
    const service = { ...discovering, grant: { kind: 'client_credentials' } as const };
    expect(possible(service, full)).not.toContain('logout');
    const noId = emptyStatus('orders', { access: heldAccess(0, 60_000) });
    expect(disabledReason('logout', discovering, noId)).toContain('id token');
  });
});

describe('what came of it', () => {
  it('names what was revoked', () => {
    expect(outcomeWords({ kind: 'revoked', revoked: ['refresh_token', 'access_token'] })).toBe(
      'Revoked: the refresh token and the access token.',
    );
    expect(outcomeWords({ kind: 'revoked', revoked: [] })).toBe('The server revoked nothing.');
  });

  it('says moments also in words, and leaves everything else as it came', () => {
    const now = 1_700_000_000_000;
    expect(claimWords('exp', '1700000240', now)).toContain('(in 4 minutes)');
    expect(claimWords('iat', '1699999999', now)).toContain('(1 second ago)');
    expect(claimWords('sub', '1700000240', now)).toBeNull();
    for (const value of ['', 'soon', '-1', '9'.repeat(400), '1e400', '<b>']) {
      expect(claimWords('exp', value, now)).toBeNull();
    }
    expect(claimWords('exp', '99999999999', now)).toContain('days');
  });
});

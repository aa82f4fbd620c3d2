import { describe, expect, it } from 'vitest';
import {
  commonGrants,
  grantWords,
  otherGrants,
} from '../../../../../renderer/features/auth-manager/form/grant-words.ts';
import {
  isUsualPlacement,
  placedTokenHint,
  placementPreview,
} from '../../../../../renderer/features/auth-manager/form/placement-words.ts';
import {
  clientAuthenticationNames,
  grantTypeNames,
  isNotListed,
  marked,
  scopeHint,
  supportWords,
} from '../../../../../renderer/features/auth-manager/form/server-support.ts';
import { formOf, type ProfileForm } from '../../../../../renderer/features/auth-manager/profile-form.ts';
import { grantPresence } from '../../../../../shared/model/grant.ts';
import { newProfile } from '../../../../../shared/model/profile.ts';
import type { ServerSupport } from '../../../../../shared/model/server-support.ts';

const form = (patch: Partial<ProfileForm>): ProfileForm => ({ ...formOf(newProfile('Orders')), ...patch });

const support = (patch: Partial<ServerSupport>): ServerSupport => ({
  scopes: null,
  grantTypes: null,
  responseTypes: null,
  responseModes: null,
  clientAuthentication: null,
  assertionAlgorithms: null,
  pkce: null,
  dpopAlgorithms: null,
  requestObjectAlgorithms: null,
  acrValues: null,
  pushedRequestRequired: false,
  ...patch,
});

describe('the grants', () => {
  it('can all be chosen, each with a line on when', () => {
    const kinds = [...commonGrants, ...otherGrants].map(({ value }) => value);
    expect([...kinds].sort()).toEqual(Object.keys(grantPresence).sort());
    for (const kind of kinds) expect(grantWords[kind].text.length).toBeGreaterThan(30);
  });
});

describe('what goes out', () => {
  it.each([
    [{}, 'Authorization: Bearer eyJh…••••'],
    [{ dpop: 'on' }, 'Authorization: DPoP eyJh…••••'],
    [{ dpop: 'on', placedToken: 'id_token' }, 'Authorization: Bearer eyJh…••••'],
    [{ placementHeader: 'X-Auth', placementPrefixKind: 'nothing' }, 'X-Auth: eyJh…••••'],
    [{ placementPrefixKind: 'word', placementPrefix: 'Token' }, 'Authorization: Token eyJh…••••'],
    [{ placementKind: 'query', placementName: 't' }, 'GET /orders?t=eyJh…••••'],
    [{ placementKind: 'form' }, 'POST /orders, with access_token=eyJh…•••• in its form'],
    [{ placementKind: 'cookie', placementName: 'sid' }, 'Cookie: sid=eyJh…••••'],
  ] as const)('%o: %s', (patch, words) => {
    expect(placementPreview(form(patch))).toBe(words);
    expect(isUsualPlacement(form(patch))).toBe(
      words.startsWith('Authorization: ') && !/Token|id_/.test(JSON.stringify(patch)),
    );
  });

  it('says when no ID token would come', () => {
    expect(placedTokenHint(form({ placedToken: 'id_token', scope: 'orders' }))).toContain('Add openid');
    expect(placedTokenHint(form({ placedToken: 'id_token', scope: 'orders openid' }))).not.toContain('Add');
    const implicit = {
      grantKind: 'implicit',
      implicitResponseType: 'id_token',
      placedToken: 'id_token',
    } as const;
    expect(placedTokenHint(form(implicit))).not.toContain('Add');
  });
});

describe('what the server lists', () => {
  it('marks the choices that it leaves out, and takes none away', () => {
    const options = commonGrants.map(({ value, label }) => ({ value, label }));
    const listed = marked(options, ['authorization_code'], grantTypeNames);
    expect(listed.map((option) => ('note' in option ? option.note : undefined))).toEqual([
      undefined,
      'not listed by the server',
      'not listed by the server',
    ]);
    expect(marked(options, null, grantTypeNames)).toEqual(options);
    expect(marked(options, [], grantTypeNames)).toEqual(options);
  });

  it('is compared by its names on the wire, in any order of words', () => {
    expect(
      isNotListed(['urn:ietf:params:oauth:grant-type:device_code'], ...grantTypeNames('device_code')),
    ).toBe(false);
    expect(
      isNotListed(['self_signed_tls_client_auth'], ...clientAuthenticationNames('tls_client_auth')),
    ).toBe(false);
    expect(isNotListed(['id_token code'], 'code id_token')).toBe(false);
    expect(isNotListed(['code'], 'code id_token')).toBe(true);
  });

  it('helps with scopes', () => {
    const scopes = support({ scopes: ['openid', 'orders.read'] });
    expect(scopeHint('openid', scopes)).toBe('The server lists: openid orders.read.');
    expect(scopeHint('openid orders.write {{more}}', scopes)).toBe('Not listed by the server: orders.write.');
    expect(scopeHint('openid', undefined)).toBe('What the token may do; empty sends none.');
    const many = support({ scopes: Array.from({ length: 15 }, (_, index) => `s${index}`) });
    expect(scopeHint('', many)).toContain('and 3 more');
  });

  it('is told in a sentence', () => {
    expect(supportWords('https://id', support({ grantTypes: ['a'], clientAuthentication: ['b', 'c'] }))).toBe(
      'Filled in from the server. It lists 1 grant and 2 ways to authenticate clients; other choices are marked.',
    );
    expect(supportWords('https://id', support({ pushedRequestRequired: true }))).toContain(
      'pushed requests only',
    );
    expect(supportWords('https://{{host}}', support({}))).toBe(
      'Addresses left empty come from the issuer, in each environment. It lists no grants.',
    );
  });
});

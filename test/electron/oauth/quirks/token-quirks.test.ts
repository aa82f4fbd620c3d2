import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerAdvice } from '../../../../electron/oauth/quirks/answer-advice.ts';
import { bodyQuirks, contentQuirks } from '../../../../electron/oauth/quirks/body-quirks.ts';
import { namingQuirks } from '../../../../electron/oauth/quirks/naming-quirks.ts';
import { timeQuirks } from '../../../../electron/oauth/quirks/time-quirks.ts';
import { valueQuirks } from '../../../../electron/oauth/quirks/value-quirks.ts';
import { findingSchema } from '../../../../shared/model/finding.ts';
import { failureOf } from '../../../fixtures/oauth-profile.ts';
import {
  type AnsweringServer,
  asRfc,
  json,
  nowMs,
  type Raw,
  startAnsweringServer,
  whole,
} from './answering-server.ts';

let server: AnsweringServer;
beforeAll(async () => {
  server = await startAnsweringServer();
});
afterAll(() => server.close());

const changed = (changes: object): Raw => ({ body: JSON.stringify({ ...whole, ...changes }) });

function but(...names: (keyof typeof whole)[]): object {
  return Object.fromEntries(Object.entries(whole).filter(([name]) => !names.some((one) => one === name)));
}
const inAMinute = nowMs + 60_000;

type Read = Partial<
  Record<'accessToken' | 'refreshToken' | 'idToken' | 'tokenType' | 'scope', string | null>
> & {
  /** How long the access token lives, and the refresh token, in seconds. */
  lives?: number | null;
  refreshLives?: number | null;
};

/** Each quirk by what brings it about, and what is read of it beside `whole`. */
const cases: [code: string, raw: Raw, read: Read][] = [
  ['charset_other', { body: Buffer.from(`\ufeff${asRfc}`, 'utf16le') }, {}],
  ['charset_other', { body: Buffer.from(asRfc, 'latin1'), type: `${json}; charset=ISO-8859-1` }, {}],
  ['charset_unknown', { body: asRfc, type: `${json}; charset="utf-9"` }, {}],
  ['byte_order_mark', { body: `\ufeff${asRfc}` }, {}],
  ['json_in_string', { body: JSON.stringify(asRfc) }, {}],
  ['json_in_callback', { body: `callback( ${asRfc} );\n`, type: 'application/javascript' }, {}],
  ['json_in_callback', { body: `/**/cb(${asRfc})` }, {}],
  [
    'json_in_html',
    {
      body: `<html>\n<head><title>{x}</title></head><body><pre style="x">${asRfc}</pre></body></html>`,
      type: 'text/html',
    },
    {},
  ],
  ['json_in_html', { body: `<html><body><pre>${asRfc}</pre></body></html>`, type: 'text/html' }, {}],
  [
    'json_in_html',
    { body: `<!DOCTYPE html><p>${asRfc.replaceAll('"', '&quot;')}</p>`, type: 'text/html' },
    {},
  ],
  [
    'form_encoded',
    {
      body: 'access_token=at&token_type=Bearer&expires_in=60&refresh_token=rt&scope=a+b',
      type: 'application/x-www-form-urlencoded; charset=utf-8',
    },
    {},
  ],
  [
    'form_encoded',
    {
      body: 'access_token=at&token_type=Bearer&expires=60&refresh_token=rt&scope=a%20b\n',
      type: 'text/plain',
    },
    {},
  ],
  ['member_twice', { body: asRfc.replace('{', '{"access_token":"old",') }, {}],
  ['member_twice', { body: asRfc.replace('{', '{"acc\\u0065ss_token":"old",') }, {}],
  ['member_twice', { body: asRfc.replace('}', ',"x":[{"y":1,"z":{"y":"}:"},"y":2}]}') }, {}],
  [
    'member_twice',
    {
      body: 'access_token=x&access_token=at&token_type=Bearer&expires_in=60&refresh_token=rt&scope=a+b',
      type: 'application/x-www-form-urlencoded',
    },
    {},
  ],
  ['member_twice', { body: `callback(${asRfc.replace('{', '{"scope":"x",')})` }, {}],
  ['answer_in_list', { body: `[${asRfc}]` }, {}],
  ['content_type_missing', { body: asRfc, type: null }, {}],
  ['content_type_wrong', { body: asRfc, type: 'text/html; charset=utf-8' }, {}],
  ['content_type_wrong', { body: asRfc, type: 'application/x-www-form-urlencoded' }, {}],
  ['answer_nested', { body: JSON.stringify({ code: 0, data: whole }) }, {}],
  ['answer_nested', { body: JSON.stringify({ response: { token: whole }, success: true }) }, {}],
  [
    'answer_nested',
    {
      body: JSON.stringify({
        ok: true,
        authed_user: { ...whole, id: 'U1', scope: 'a,b', token_type: 'user' },
        team: { id: 'T1' },
      }),
    },
    {},
  ],
  ['access_token_renamed', { body: JSON.stringify({ ...but('access_token'), accessToken: 'at' }) }, {}],
  ['access_token_renamed', { body: JSON.stringify({ ...but('access_token'), token: 'at' }) }, {}],
  ['token_type_renamed', { body: JSON.stringify({ ...but('token_type'), tokenType: 'Bearer' }) }, {}],
  ['refresh_token_renamed', { body: JSON.stringify({ ...but('refresh_token'), refreshToken: 'rt' }) }, {}],
  ['expires_in_renamed', { body: JSON.stringify({ ...but('expires_in'), expiresIn: 60 }) }, {}],
  ['expires_in_renamed', { body: JSON.stringify({ ...but('expires_in'), expires: '60' }) }, {}],
  ['scope_renamed', { body: JSON.stringify({ ...but('scope'), scopes: ['a', 'b'] }) }, {}],
  ['token_empty', changed({ refresh_token: '' }), { refreshToken: null }],
  ['token_empty', changed({ refresh_token: null, id_token: null }), { refreshToken: null }],
  ['token_padded', changed({ access_token: 'at\n', refresh_token: ' rt\r\n' }), {}],
  ['token_with_scheme', changed({ access_token: 'Bearer at' }), {}],
  ['member_null', changed({ expires_in: null, scope: null }), { lives: null, scope: null }],
  ['token_type_missing', { body: JSON.stringify(but('token_type')) }, {}],
  ['token_type_missing', changed({ token_type: '' }), {}],
  ['token_type_missing', changed({ token_type: null }), {}],
  ['token_type_foreign', changed({ token_type: 'BearerToken' }), {}],
  ['token_type_foreign', changed({ token_type: 'bot' }), {}],
  ['token_type_spelling', changed({ token_type: 'BEARER' }), {}],
  ['token_type_spelling', changed({ token_type: ' bearer ' }), { tokenType: 'bearer' }],
  ['token_type_spelling', changed({ token_type: 'DPOP' }), { tokenType: 'DPoP' }],
  ['token_type_unregistered', changed({ token_type: 'JWT' }), { tokenType: 'JWT' }],
  ['access_token_characters', changed({ access_token: 'a|t' }), { accessToken: 'a|t' }],
  ['scope_list', changed({ scope: ['a', 'b'] }), {}],
  ['scope_unreadable', changed({ scope: 7 }), { scope: null }],
  ['scope_commas', changed({ scope: 'a,b' }), {}],
  ['scope_commas', changed({ scope: 'a, b' }), {}],
  ['scope_empty', changed({ scope: ' ' }), { scope: null }],
  ['error_beside_token', changed({ error: 'none' }), {}],
  ['expires_in_unreadable', changed({ expires_in: 'soon' }), { lives: null }],
  ['expires_in_unreadable', changed({ expires_in: [60] }), { lives: null }],
  ['expires_in_text', changed({ expires_in: '60' }), {}],
  ['expires_in_text', changed({ expires_in: ' 6e1 ' }), {}],
  ['expires_in_not_positive', changed({ expires_in: 0 }), { lives: null }],
  ['expires_in_not_positive', changed({ expires_in: '-1' }), { lives: null }],
  ['expires_in_moment', changed({ expires_in: inAMinute }), {}],
  ['expires_in_moment', changed({ expires_in: nowMs / 1000 - 100 }), { lives: 1 }],
  ['expires_in_absurd', changed({ expires_in: 1e18 }), { lives: null }],
  ['expires_in_fraction', changed({ expires_in: 60.5 }), { lives: 60.5 }],
  [
    'expiry_as_moment',
    { body: JSON.stringify({ ...but('expires_in'), expires_on: String(inAMinute / 1000) }) },
    {},
  ],
  ['expiry_as_moment', { body: JSON.stringify({ ...but('expires_in'), expires_at: inAMinute }) }, {}],
  [
    'expiry_as_moment',
    { body: JSON.stringify({ ...but('expires_in'), '.expires': new Date(inAMinute).toUTCString() }) },
    {},
  ],
  [
    'expiry_as_moment',
    { body: JSON.stringify({ ...but('expires_in'), expiry: '2030-01-01T01:01:00+01:00' }) },
    {},
  ],
  ['expires_in_missing', { body: JSON.stringify(but('expires_in')) }, { lives: null }],
  ['refresh_lifetime_renamed', changed({ x_refresh_token_expires_in: 90 }), { refreshLives: 90 }],
  ['refresh_lifetime_renamed', changed({ refreshExpiresIn: '90' }), { refreshLives: 90 }],
  ['refresh_lifetime_named', changed({ refresh_expires_in: 90 }), { refreshLives: 90 }],
  ['refresh_lifetime_named', changed({ refresh_token_expires_in: 90 }), { refreshLives: 90 }],
  ['status_other', { body: asRfc, status: 201 }, {}],
  ['cache_control_missing', { body: asRfc, cached: true }, {}],
  ['members_unregistered', changed({ session_state: 's', 'not-before-policy': 0, ext_expires_in: 60 }), {}],
];

function secondsFrom(atMs: number | null): number | null {
  return atMs === null ? null : (atMs - nowMs) / 1000;
}

describe('quirks of token responses', () => {
  it('are none in an answer as RFC 6749 section 5.1 has it', async () => {
    expect((await server.read({ body: asRfc })).findings).toEqual([]);
    expect(
      (await server.read({ body: ` \n${asRfc}\n`, type: 'application/json;charset=UTF-8' })).findings,
    ).toEqual([]);
    expect((await server.read(changed({ token_type: 'bearer', state: 's' }))).findings).toEqual([]);
  });

  it.each(cases)('%s (case %#)', async (code, raw, expected) => {
    const found = await server.read(raw);
    expect({
      accessToken: found.accessToken.reveal(),
      refreshToken: found.refreshToken?.reveal() ?? null,
      tokenType: found.tokenType,
      scope: found.scope,
      lives: secondsFrom(found.accessExpiresAtMs),
      refreshLives: secondsFrom(found.refreshExpiresAtMs),
    }).toEqual({
      ...{
        accessToken: 'at',
        refreshToken: 'rt',
        tokenType: 'Bearer',
        scope: 'a b',
        lives: 60,
        refreshLives: null,
      },
      ...expected,
    });
    expect(found.findings.map((finding) => finding.code)).toContain(code);
    for (const finding of found.findings) {
      expect(findingSchema.parse(finding).source).toMatch(
        /^(?:RFC \d+|OpenID Connect Core 1\.0) (?:section|appendix) /,
      );
      expect(finding.text).toMatch(/^\S.*[^.\s]\.$/);
    }
  });

  it('have a case each, and a code of their own', () => {
    const tables = [bodyQuirks, contentQuirks, namingQuirks, valueQuirks, timeQuirks, answerAdvice];
    const codes = tables.flatMap((table) => table.map(({ code }) => code));
    expect(new Set(codes).size).toBe(codes.length);
    const tried = new Set([...cases.map(([code]) => code), 'id_token_renamed']);
    expect(codes.filter((code) => !tried.has(code))).toEqual([]);
  });

  it('tell the name of a foreign member, and nothing that is secret', async () => {
    const found = await server.read(changed({ 'refresh-marker': 1, accessToken: 'at', nothing: 'at' }));
    const told = found.findings.find(({ code }) => code === 'members_unregistered');
    expect(told?.text).toContain('[secret], accessToken, nothing');
    const many = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`m${at}`, at]));
    const texts = (await server.read(changed(many))).findings.map(({ text }) => text).join(' ');
    expect(texts).toContain('m7, 4 more');
  });

  it.each<[string, Raw]>([
    [
      'a page that only mentions JSON',
      { body: '<html><script>{"access_token":1}</script></html>', type: 'text/html' },
    ],
    ['a page with words beside JSON', { body: `<p>${asRfc} and more`, type: 'text/html' }],
    ['a page with a form in it', { body: '<form>access_token=at</form>', type: 'text/html' }],
    ['a text that is no form', { body: 'see access_token=at for more', type: 'text/plain' }],
    ['two answers in a list', { body: `[${asRfc},${asRfc}]` }],
    ['an object named token without a token', { body: JSON.stringify({ token: { id: 7 } }) }],
    ['JSON that goes on', { body: `${asRfc}${asRfc}` }],
    ['a call of a call', { body: `a(b(${asRfc}))` }],
  ])('do not make a token out of %s', async (_, raw) => {
    expect((await failureOf(() => server.read(raw))).code).toBe('token_response_invalid');
  });
});

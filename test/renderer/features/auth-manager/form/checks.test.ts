import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { totpSeed } from '../../../../../electron/consent/automation/totp.ts';
import { endpointProblem } from '../../../../../electron/oauth/endpoint-url.ts';
import {
  claimsProblem,
  issuerProblem,
  redirectUriProblem,
  scopeProblem,
  seedProblem,
  tokenProblem,
  urlProblem,
} from '../../../../../renderer/features/auth-manager/form/checks.ts';

describe('what is wrong with a URL', () => {
  it.each([
    ['id.example.com', 'begin it with https://'],
    ['https://', 'needs a host'],
    ['ftp://id.example.com', 'in place of ftp:'],
    ['https://id.example.com/a b', 'no blanks'],
    ['https://kim:pw@id.example.com', 'user name and password'],
    ['https://id.example.com/#x', 'no fragment'],
  ])('%s: %s', (text, words) => {
    expect(urlProblem(text)).toContain(words);
  });

  it('is nothing while it is empty, open, or right', () => {
    for (const text of ['', '  ', '{{base}}/x', 'https://id.example.com/token', 'http://[::1]:80/t']) {
      expect(urlProblem(text)).toBeUndefined();
    }
  });

  it('is found wherever the protocol would refuse it', () => {
    const near = fc.oneof(
      fc.string(),
      fc.webUrl({ withFragments: true }),
      fc.string().map((end) => `https://a${end}`),
    );
    fc.assert(
      fc.property(near, (text) => {
        const typed = text.trim();
        if (typed === '' || typed.includes('{{') || endpointProblem(typed) === null) return;
        expect(urlProblem(text)).toBeDefined();
      }),
      { numRuns: 10_000 },
    );
  });

  it('says of an issuer that it has no query, but for the address of a document', () => {
    expect(issuerProblem('https://id.example.com/?a=b')).toContain('no query');
    expect(issuerProblem('https://id.example.com/.well-known/openid-configuration?p=x')).toBeUndefined();
    expect(issuerProblem('id')).toContain('https://');
  });

  it('lets a redirect URI have any scheme', () => {
    expect(redirectUriProblem('myapp:/callback')).toBeUndefined();
    expect(redirectUriProblem('http://127.0.0.1/callback')).toBeUndefined();
    expect(redirectUriProblem('')).toContain('http://127.0.0.1/callback');
    expect(redirectUriProblem('callback')).toContain('as it is registered');
    expect(redirectUriProblem('https://a.example/#cb')).toContain('no fragment');
  });
});

describe('what is wrong with a scope', () => {
  it('is what RFC 6749 does not allow in it', () => {
    expect(scopeProblem('openid "profile"')).toContain('no quotes');
    expect(scopeProblem('открыто')).toContain('ASCII');
    expect(scopeProblem('openid  https://api.example.com/orders.read')).toBeUndefined();
  });
});

describe('what is wrong with claims', () => {
  it.each([
    ['{"a": 1', 'Not JSON'],
    ["{'a': 1}", 'double quotes'],
    ['["a"]', 'a JSON object'],
    ['null', 'a JSON object'],
    ['{"exp": 1}', 'its own field, Lifetime'],
    ['{"aud": "x"}', 'its own field, Audience'],
  ])('%s: %s', (text, words) => {
    expect(claimsProblem(text)).toContain(words);
  });

  it('names the place of the mistake', () => {
    expect(claimsProblem('{\n  "a": 1,\n  b: 2\n}')).toMatch(/line 3, column 3/);
  });

  it('is nothing where a variable stands for a value, inside quotes and outside', () => {
    for (const text of ['', '{}', '{"scope": "{{scope}}", "count": {{count}}}']) {
      expect(claimsProblem(text)).toBeUndefined();
    }
  });
});

describe('what is wrong with a token', () => {
  it.each([
    ['Bearer abc', 'Remove “Bearer”'],
    ['"abc"', 'quotes'],
    ['ab c', 'one line'],
  ])('%s: %s', (text, words) => {
    expect(tokenProblem(text)).toContain(words);
  });

  it('of a JWT, that it is none', () => {
    expect(tokenProblem('abc.def', true)).toContain('three parts');
    expect(tokenProblem('ab=c.def.ghi', true)).toContain('three parts');
    expect(tokenProblem('abc.def.ghi', true)).toBeUndefined();
    expect(tokenProblem('a.b.c.d.e', true)).toBeUndefined();
    expect(tokenProblem('opaque')).toBeUndefined();
  });
});

describe('what is wrong with a seed of one-time codes', () => {
  it.each([
    ['123456', 'half a minute'],
    ['JBSWY3DPEHPK3PX0', 'no 0, 1 or 8'],
    ['not a seed!', 'base32'],
    ['otpauth://totp/x', 'secret='],
    ['otpauth://hotp/x?secret=JBSWY3DPEHPK3PXP', 'secret='],
  ])('%s: %s', (seed, words) => {
    expect(seedProblem('totp_seed', seed)).toContain(words);
    expect(totpSeed.safeParse(seed).success).toBe(false);
  });

  it('is nothing where the script takes it, and with other values', () => {
    for (const seed of [
      'JBSWY3DPEHPK3PXP',
      'jbsw y3dp ehpk 3pxp',
      'otpauth://totp/a?secret=JBSWY3DPEHPK3PXP',
    ]) {
      expect(seedProblem('totp', seed)).toBeUndefined();
      expect(totpSeed.safeParse(seed).success).toBe(true);
    }
    expect(seedProblem('password', 'not a seed!')).toBeUndefined();
  });
});

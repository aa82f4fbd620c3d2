import { describe, expect, it } from 'vitest';
import { redact, serverText } from '../../../electron/oauth/server-text.ts';
import { Secret } from '../../../shared/secret.ts';

describe('serverText', () => {
  it('takes out what cannot be seen or turns the reading direction', () => {
    expect(serverText('\ufeff a\u0000\u001b[31mb\r\n\u202ec\u200bd\u2028e\ud800 ')).toBe('a [31mb c d e');
  });

  it('cuts between characters, never inside one', () => {
    expect(serverText('💥'.repeat(501))).toBe(`${'💥'.repeat(500)}…`);
    expect(serverText('abcdef', [], 3)).toBe('abc…');
  });

  it.each([
    ['as it is', 'pa ss+w/ör%d"1'],
    ['form-encoded', new URLSearchParams([['x', 'pa ss+w/ör%d"1']]).toString().slice(2)],
    ['percent-encoded', encodeURIComponent('pa ss+w/ör%d"1')],
    ['form-encoded in lower case', encodeURIComponent('pa ss+w/ör%d"1').toLowerCase()],
    ['decoded once more', 'pa ss w/ör%d"1'],
    ['in HTML', 'pa ss+w/ör%d&quot;1'],
    ['in JSON', JSON.stringify('pa ss+w/ör%d"1').slice(1, -1)],
    ['across the cut', `${'x'.repeat(480)}pa ss+w/ör%d"1`],
  ])('replaces a secret that a server echoes %s', (_, echoed) => {
    const text = serverText(`bad secret ${echoed} twice ${echoed}`, [new Secret('pa ss+w/ör%d"1')]);
    expect(text).toContain('[secret]');
    expect(text).not.toMatch(/w\/|w%2F|ör/);
  });

  it('replaces a secret of several lines, also when it comes on one', () => {
    const secret = new Secret('line one\nline two\n');
    expect(serverText('got line one\nline two\n!', [secret])).toBe('got [secret]!');
    expect(serverText('got line one line two!', [secret])).toBe('got [secret]!');
    expect(serverText('got line one\r\n\tline two!', [secret])).toBe('got [secret]!');
  });

  it('leaves nothing of a secret that begins like another', () => {
    expect(redact('abcdef', [new Secret('abc'), new Secret('abcdef')])).toBe('[secret]');
    expect(redact('xab', [new Secret('xa'), new Secret('ab')])).toBe('[secret]');
    expect(redact('text', [new Secret('')])).toBe('text');
  });

  it.each(['secret', 'e', 's', '[', ']', '[secret]', 'et]'])(
    'stays short when the secret is "%s"',
    (value) => {
      const secrets = [new Secret(value), new Secret('other')];
      const once = serverText(`an other ${value} x`, secrets);
      expect(once).toMatch(/x$/);
      expect(once.length).toBeLessThan(40);
      expect(serverText(once, secrets)).toBe(once);
      expect(redact(`my ${value}`, [new Secret(value)])).toBe('my [secret]');
    },
  );

  it('takes no long time over a long text', () => {
    const secrets = ['e', 'ee', `${'e'.repeat(500)}x`].map((value) => new Secret(value));
    expect(serverText('e'.repeat(2_000_000), secrets)).toBe('[secret]');
  });
});

import { describe, expect, it } from 'vitest';
import { checkUrl } from '../../../electron/requests/check-url.ts';
import { resolveTemplate } from '../../../electron/requests/variables.ts';
import { Secret } from '../../../shared/secret.ts';
import { failureOf } from './test-server.ts';

const values: Record<string, string | Secret> = {
  secret: new Secret('MARKER-secret'),
  secret_base: new Secret('https://marker.example/'),
  broken: 'a\r\nHost: evil',
};

async function checked(text: string): Promise<URL> {
  return checkUrl(await resolveTemplate(text, async (name) => values[name]));
}

describe('checkUrl', () => {
  it.each([
    ['https://x.example/a b?q=ü', 'https://x.example/a%20b?q=%C3%BC'],
    ['  HTTP://LOCALHOST:80 ', 'http://localhost/'],
    ['http://[::1]:8080/', 'http://[::1]:8080/'],
    ['http://x.example/?k={{secret}}', 'http://x.example/?k=MARKER-secret'],
    ['http://x.example/?mail=a@b.example', 'http://x.example/?mail=a@b.example'],
  ])('takes %j', async (text, href) => {
    expect((await checked(text)).href).toBe(href);
  });

  it.each([
    ['', 'no URL'],
    ['   ', 'no URL'],
    ['localhost:3000/orders', 'localhost:3000/orders does not begin'],
    ['/orders', 'does not begin'],
    ['file:///etc/passwd', 'does not begin'],
    ['javascript:alert(1)', 'does not begin'],
    ['ftp://x.example', 'does not begin'],
    ['http://', 'is not a URL'],
    ['http://x.example:99999/', 'is not a URL'],
    ['http://a b/', 'is not a URL'],
    ['http://x.example/\n/y', 'line break'],
    ['http://x.example/{{broken}}', 'line break'],
    ['http://x.example/\0', 'control character'],
    ['http://user:MARKER@x.example/', 'user name or a password'],
    ['http://user@x.example/', 'user name or a password'],
    ['http://{{secret}}@x.example/', 'user name or a password'],
    ['{{secret_base}}orders', 'comes from a secret'],
    ['http://{{secret}}.example/', 'comes from a secret'],
    ['http:///{{secret}}/orders', 'comes from a secret'],
  ])('refuses %j, saying why and what to do', async (text, why) => {
    const error = await failureOf(checked(text));
    expect(error.code).toBe('url_invalid');
    expect(error.message).toContain(why);
    expect(error.action).toBeDefined();
    expect(JSON.stringify(error.toWire()).toLowerCase()).not.toContain('marker');
  });

  it('cuts a long URL in its message', async () => {
    expect((await failureOf(checked(`x${'y'.repeat(50_000)}`))).message.length).toBeLessThan(300);
  });
});

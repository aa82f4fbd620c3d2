import { describe, expect, it } from 'vitest';
import { checkHeader } from '../../../electron/requests/headers.ts';
import { failureOf } from './test-server.ts';

const check = async (name: string, value: string) => checkHeader({ name, value });

describe('checkHeader', () => {
  it.each([
    ['X-Trace', 'a'],
    ['x', ''],
    ['x', 'tab\there, é and "quotes"'],
    ['host', 'other.example'],
  ])('takes %s: %j', async (name, value) => {
    expect(await check(name, value)).toEqual({ name, value });
  });

  it.each(['', 'a b', 'a:', 'a\r\nb', 'ä', '(x)', 'a\0'])('refuses %j as a name', async (name) => {
    const error = await failureOf(check(name, 'MARKER'));
    expect(error.code).toBe('request_invalid');
    expect(error.message).not.toMatch(/[\r\n\0]|MARKER/);
  });

  it.each(['a\r\nEvil: 1', 'a\nb', 'a\rb', '\0', 'a\u0007', '日本', 'a\u007f'])(
    'refuses %j as a value',
    async (value) => {
      const error = await failureOf(check('x-trace', `MARKER${value}`));
      expect(error.code).toBe('request_invalid');
      expect(error.message).toContain('x-trace');
      expect(error.message).not.toContain('MARKER');
    },
  );

  it.each(['Content-Length', 'transfer-encoding', 'Connection', 'Upgrade', 'Expect'])(
    'refuses %s, which frames the message',
    async (name) => {
      expect((await failureOf(check(name, '5'))).message).toContain(
        `The header ${name} is set by Grantwright`,
      );
    },
  );
});

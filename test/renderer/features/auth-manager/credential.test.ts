import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import {
  type Credential,
  credentialLine,
  credentialWords,
  curlCommand,
} from '../../../../renderer/features/auth-manager/credential.ts';

const of = (kind: Credential['kind'], name: string, value = 'a b&c'): Credential => ({ kind, name, value });

describe('a credential', () => {
  it.each([
    [of('header', 'Authorization', 'Bearer x'), 'Authorization: Bearer x', 'the header Authorization'],
    [of('cookie', 'sid', 'x'), 'Cookie: sid=x', 'the cookie sid'],
    [of('query', 'access_token'), 'access_token=a%20b%26c', 'the query parameter access_token'],
    [of('form', 'token'), 'token=a%20b%26c', 'the form field token'],
  ])('%o stands in a request as %s', (credential, line, words) => {
    expect(credentialLine(credential)).toBe(line);
    expect(credentialWords(credential)).toBe(words);
  });

  it.each<Credential>([
    of('header', 'Authorization', `Bearer a'b"c $HOME \`id\` \\ !x`),
    of('cookie', 'sid', `a'b`),
    of('query', 'access_token', `it's $(id)`),
    of('form', 'token', `it's $(id)`),
  ])('%o is one argument of a shell, whatever is in it', (credential) => {
    // What a shell makes of the command's words, one a line.
    const command = curlCommand(credential).replace(/^curl/, "printf '%s\\n'");
    const words = execFileSync('/bin/sh', ['-c', command], { encoding: 'utf8' }).trimEnd().split('\n');
    const line = credentialLine(credential);
    expect(words).toEqual(
      {
        header: ['-H', line, 'https://api.example.com/'],
        cookie: ['-H', line, 'https://api.example.com/'],
        query: [`https://api.example.com/?${line}`],
        form: ['--data', line, 'https://api.example.com/'],
      }[credential.kind],
    );
  });
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { AppError } from '../../../../shared/errors.ts';
import { type AnsweringServer, startAnsweringServer, whole } from './answering-server.ts';

let server: AnsweringServer;
beforeAll(async () => {
  server = await startAnsweringServer();
});
afterAll(() => server.close());

const odd = [
  '{"toString":1}',
  '{"toString":null,"valueOf":1}',
  '[[]]',
  '[{"toString":1}]',
  'true',
  '1e999',
  `${'['.repeat(100_000)}1${']'.repeat(100_000)}`,
];

it.each([
  'access_token',
  'refresh_token',
  'id_token',
  'token_type',
  'scope',
  'expires_in',
  'expiresIn',
  'error',
])('bear anything as %s', async (name) => {
  const rest = Object.fromEntries(Object.entries(whole).filter(([own]) => own !== name));
  for (const value of odd) {
    const body = `${JSON.stringify(rest).slice(0, -1)},"${name}":${value}}`;
    const thrown = await server.read({ body }).then(
      () => null,
      (error: unknown) => error,
    );
    if (thrown !== null) expect(thrown).toBeInstanceOf(AppError);
  }
});

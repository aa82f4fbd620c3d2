import { describe, expect, it } from 'vitest';
import { parameterSchema } from '../../../shared/model/parameter.ts';

const issuesOf = (parameter: object) =>
  (parameterSchema.safeParse({ value: 'x', to: ['token'], ...parameter }).error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );

describe('a parameter', () => {
  it.each([
    ...['password', 'username', 'assertion', 'subject_token', 'actor_token', 'device_code', 'auth_req_id'],
    ...['client_secret', 'refresh_token', 'code', 'state'],
  ])('is not called %s, which the app fills in, in query or body', (name) => {
    for (const place of ['query', 'body'])
      expect(issuesOf({ name, in: place })).toEqual([expect.stringMatching(/^name: the app fills this one/)]);
    expect(issuesOf({ name })).toHaveLength(1);
  });

  it('may be called so as a header, but where it would go with the authorization request', () => {
    expect(issuesOf({ name: 'state', in: 'header', to: ['token', 'refresh'] })).toEqual([]);
    const both = { name: 'state', in: 'header', to: ['authorization', 'token'] };
    expect(issuesOf(both)).toEqual([expect.stringMatching(/^name: /)]);
  });

  it('may carry what only resembles a name of the app', () => {
    for (const name of ['user_name', 'Password', 'subject_token_type', 'resource'])
      expect(issuesOf({ name })).toEqual([]);
  });

  it('is told everything that is wrong with it at once', () => {
    expect(issuesOf({ name: ' state ', to: [] })).toHaveLength(2);
  });
});

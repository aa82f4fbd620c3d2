import { describe, expect, it } from 'vitest';
import { resolveProfile } from '../../../electron/services/resolve-profile.ts';
import { AppError } from '../../../shared/errors.ts';
import { networkSchema } from '../../../shared/model/network.ts';
import { profileSchema } from '../../../shared/model/profile.ts';
import { Secret } from '../../../shared/secret.ts';

type Given = Parameters<typeof profileSchema.parse>[0] & object;

/** `absent` is a secret that the vault has no value for. */
function resolve(profile: Given) {
  const project = { folder: '/project', network: networkSchema.parse({}) };
  const whole = profileSchema.parse({
    name: 'Orders',
    server: {},
    client: { kind: 'none', id: 'app' },
    ...profile,
  });
  return resolveProfile('orders', whole, project, {}, async (name) => {
    if (name === 'absent') throw new AppError('secret_missing', 'There is no value for absent.');
    return new Secret(`value of ${name}`);
  });
}

const signedWith = (key: string) => ({
  requestObject: { kind: 'signed', key: { key, algorithm: 'ES256' } },
});
const redirectUri = 'http://127.0.0.1/callback';

describe("resolveProfile and the request object's key", () => {
  it.each([
    { kind: 'client_credentials' },
    { kind: 'password' },
    { kind: 'device_code' },
    { kind: 'refresh_token' },
  ])('asks for none with $kind, which has no authorization request', async (grant) => {
    const { protection } = await resolve({ grant, protection: signedWith('{{absent}}') });
    expect(protection.requestObject).toEqual({ kind: 'none' });
  });

  it.each([
    { kind: 'authorization_code', redirectUri },
    { kind: 'implicit', redirectUri },
  ])('needs it with $kind', async (grant) => {
    const { protection } = await resolve({ grant, protection: signedWith('{{key}}') });
    const { requestObject } = protection;
    expect(requestObject.kind === 'signed' && requestObject.key.key.reveal()).toBe('value of key');
    await expect(resolve({ grant, protection: signedWith('{{absent}}') })).rejects.toMatchObject({
      code: 'secret_missing',
    });
  });
});

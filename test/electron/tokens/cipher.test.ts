import { randomBytes } from 'node:crypto';
import { chmod, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { keyFileCipher, passphraseCipher } from '../../../electron/tokens/cipher.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

const dataKey = randomBytes(32);

describe('passphraseCipher', () => {
  test('opens what it wrapped, in whichever Unicode form the passphrase is typed', async () => {
    const wrapped = await passphraseCipher('caf\u00e9').wrap(dataKey);
    expect(wrapped).not.toContain(dataKey.toString('base64'));
    await expect(passphraseCipher('cafe\u0301').unwrap(wrapped)).resolves.toEqual(dataKey);
  });

  test('says vault_key_invalid for another passphrase, and does not show either', async () => {
    const wrapped = await passphraseCipher('correct horse').wrap(dataKey);
    const failure = await passphraseCipher('wrong horse')
      .unwrap(wrapped)
      .catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ code: 'vault_key_invalid' });
    expect(String(failure)).not.toContain('horse');
  });

  test.each(['', 'scrypt-30-8-1:AAAA:AAAA', 'scrypt-17-8-1:AAAA', 'scrypt-17-8-1:AAAA:!!'])(
    'refuses the damaged wrap "%s" without working for it',
    async (wrapped) => {
      await expect(passphraseCipher('x').unwrap(wrapped)).rejects.toMatchObject({
        code: 'vault_key_invalid',
      });
    },
  );

  test('refuses an empty passphrase', async () => {
    await expect(passphraseCipher('').wrap(dataKey)).rejects.toMatchObject({ code: 'vault_key_invalid' });
  });
});

describe('keyFileCipher', () => {
  test('makes 32 random bytes that only the owner can read, once', async () => {
    const path = join(await temporaryFolder(), 'vault.key');
    const wrapped = await keyFileCipher(path).wrap(dataKey);
    const key = await readFile(path);
    expect(key).toHaveLength(32);
    if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600);
    await keyFileCipher(path).wrap(dataKey);
    expect(await readFile(path)).toEqual(key);
    await expect(keyFileCipher(path).unwrap(wrapped)).resolves.toEqual(dataKey);
  });

  test.skipIf(process.platform === 'win32')(
    'refuses a key file that others can read, with the cure',
    async () => {
      const path = join(await temporaryFolder(), 'vault.key');
      const wrapped = await keyFileCipher(path).wrap(dataKey);
      await chmod(path, 0o640);
      await expect(keyFileCipher(path).unwrap(wrapped)).rejects.toMatchObject({
        code: 'vault_key_invalid',
        action: `Run: chmod 600 '${path}'`,
      });
    },
  );

  test('never makes a new key for what an old one has wrapped', async () => {
    const path = join(await temporaryFolder(), 'vault.key');
    const wrapped = await keyFileCipher(path).wrap(dataKey);
    await rm(path);
    await expect(keyFileCipher(path).unwrap(wrapped)).rejects.toMatchObject({
      code: 'vault_key_invalid',
      message: `The vault's key file ${path} is missing.`,
    });
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test.each([
    ['of another size', Buffer.alloc(5)],
    ['that is another', randomBytes(32)],
  ])('refuses a key file %s', async (_, content) => {
    const path = join(await temporaryFolder(), 'vault.key');
    const wrapped = await keyFileCipher(path).wrap(dataKey);
    await writeFile(path, content);
    await expect(keyFileCipher(path).unwrap(wrapped)).rejects.toMatchObject({ code: 'vault_key_invalid' });
  });
});

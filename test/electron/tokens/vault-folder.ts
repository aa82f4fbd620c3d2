import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { keyFileCipher } from '../../../electron/tokens/cipher.ts';
import { openVault, type Vault, type VaultOptions } from '../../../electron/tokens/vault.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

/** The files of a vault folder. */
export const main = (folder: string) => join(folder, 'vault.json');
export const backup = (folder: string) => join(folder, 'vault.backup.json');

/** Opens the vault of a folder with the key file in it, until the test is over. */
export async function open(folder: string, options: Partial<VaultOptions> = {}): Promise<Vault> {
  const ciphers = [keyFileCipher(join(folder, 'vault.key'))];
  const vault = await openVault({ folder, ciphers, now: Date.now, ...options });
  onTestFinished(() => vault.close());
  return vault;
}

/** The folder of a vault with one token set and one secret value, at rest. */
export async function filled(): Promise<string> {
  const folder = await temporaryFolder();
  const vault = await open(folder);
  await vault.write('token/a', 'value a');
  await vault.write('secret/b', 'value b');
  await vault.close();
  return folder;
}

/** Changes a vault file as a person would who mends it by hand: its digest goes. */
export async function edit(
  path: string,
  change: (json: ReturnType<typeof JSON.parse>) => void,
): Promise<void> {
  const { digest: _digest, ...json } = JSON.parse(await readFile(path, 'utf8'));
  change(json);
  await writeFile(path, JSON.stringify(json));
}

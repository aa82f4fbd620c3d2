import { open } from 'node:fs/promises';
import { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import { hasCode } from '../files/file-error.ts';

/** `vault.json`: nothing in it can be read without the data key, which stands in it once for each way to unwrap it. */
export const vaultFileSchema = z.strictObject({
  format: z.literal(1),
  keys: z
    .array(
      z.strictObject({
        kind: z.enum(['keychain', 'environment_key', 'key_file']),
        wrapped: z.string().min(1),
      }),
    )
    .min(1),
  /** A known text sealed with the data key: tells a wrong key from damaged entries. */
  check: z.string(),
  /** Sealed values by entry name. Whatever is not a sealed text is one damaged entry, not a damaged file. */
  entries: z.record(z.string(), z.unknown()),
  /** Entries that could not be opened, kept for a person to look at. */
  setAside: z.array(z.strictObject({ name: z.string(), entry: z.unknown(), atMs: z.number() })),
});
export type VaultFile = z.infer<typeof vaultFileSchema>;

/** What stands at a vault file's path. `stamp` is another one whenever the file has been replaced. */
export type FoundVaultFile =
  | { kind: 'missing' }
  | { kind: 'good'; file: VaultFile; text: string; stamp: string }
  | { kind: 'damaged'; reason: string };

/** Reads a vault file. Throws `vault_unreadable` when the system does not let it, or a newer version wrote it. */
export async function readVaultFile(path: string): Promise<FoundVaultFile> {
  try {
    const handle = await open(path, 'r');
    try {
      // Text and stamp of one file, even when it is replaced in between: a file once named is never changed.
      const { ino, size, mtimeNs } = await handle.stat({ bigint: true });
      const text = await handle.readFile('utf8');
      return parse(path, text, `${ino}-${size}-${mtimeNs}`);
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    if (hasCode(thrown, 'ENOENT')) return { kind: 'missing' };
    throw new AppError('vault_unreadable', `The vault ${path} cannot be read.`, {
      action: 'Check that it is a file and that you may read it.',
      details: { file: path },
      cause: thrown,
    });
  }
}

/** The text of a vault file. */
export function formatVaultFile(file: VaultFile): string {
  return `${JSON.stringify(file, null, 2)}\n`;
}

function parse(path: string, text: string, stamp: string): FoundVaultFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: 'damaged', reason: text.trim() === '' ? 'it is empty' : 'it is not JSON' };
  }
  const parsed = vaultFileSchema.safeParse(json);
  if (parsed.success) return { kind: 'good', file: parsed.data, text, stamp };
  const newer = z.object({ format: z.number().int().min(2) }).safeParse(json);
  if (!newer.success) return { kind: 'damaged', reason: 'parts of it are missing' };
  throw new AppError('vault_unreadable', `The vault ${path} was written by a newer Grantwright.`, {
    action: 'Update Grantwright to use it.',
    details: { file: path, format: newer.data.format },
  });
}

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import { stampOf, withVaultFile } from './vault-stamp.ts';

const fields = {
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
};
const vaultFileSchema = z.strictObject(fields);

/** `vault.json`: nothing in it can be read without the data key, which stands in it once for each way to unwrap it. */
export type VaultFile = z.infer<typeof vaultFileSchema>;

/** The form of a damaged file out of which entries can still be taken. */
const remainsSchema = z.object({
  ...fields,
  format: fields.format.catch(1),
  check: fields.check.catch(''),
  setAside: fields.setAside.catch([]),
});

/**
 * A file begins with a digest of everything after that line, so that no damage goes unnoticed. One that has none, mended
 * by hand, is taken as it is. Every later format keeps this line: it tells a newer format from a damaged number.
 */
const firstLine = /^\{\n {2}"digest": "([0-9a-f]{64})",\n/;
const digestSchema = z.object({ digest: z.string().optional() });

/** A vault file and where it was read: `stamp` is another one whenever the file has been replaced or changed. */
export interface VaultContent {
  file: VaultFile;
  text: string;
  stamp: string;
}

/**
 * What stands at a vault file's path. `remains`: what of a damaged one has the form of a vault. `fingerprint`: of its
 * bytes.
 */
export type FoundVaultFile =
  | { kind: 'missing' }
  | ({ kind: 'good' } & VaultContent)
  | { kind: 'damaged'; reason: string; fingerprint: string; remains: VaultContent | null };

/** Reads a vault file. Throws `vault_unreadable` when the system does not let it, or a newer version wrote it. */
export async function readVaultFile(path: string): Promise<FoundVaultFile> {
  const found = await withVaultFile(path, async (handle) => {
    // Text and stamp of one file, even when it is replaced in between: a file once named is never changed.
    const stamp = stampOf(await handle.stat({ bigint: true }));
    return parse(path, await handle.readFile(), stamp);
  });
  return found ?? { kind: 'missing' };
}

/** The text of a vault file. */
export function formatVaultFile(file: VaultFile): string {
  const rest = `${JSON.stringify(file, null, 2).slice('{\n'.length)}\n`;
  return `{\n  "digest": "${sha256(rest)}",\n${rest}`;
}

function parse(path: string, bytes: Buffer, stamp: string): FoundVaultFile {
  const text = bytes.toString('utf8');
  const json = parseJson(text);
  const isWhole = hasItsDigest(text, json);
  const { digest: _digest, ...rest } = z.looseObject({}).safeParse(json).data ?? {};
  const parsed = vaultFileSchema.safeParse(rest);
  if (parsed.success && isWhole) return { kind: 'good', file: parsed.data, text, stamp };
  const newer = z.object({ format: z.number().int().min(2) }).safeParse(json);
  if (newer.success && isWhole) throw tooNew(path, newer.data.format);
  const remains = remainsSchema.safeParse(json).data;
  return {
    kind: 'damaged',
    reason: reasonOf(text, json),
    fingerprint: sha256(bytes).slice(0, 16),
    remains: remains === undefined ? null : { file: remains, text, stamp },
  };
}

function hasItsDigest(text: string, json: unknown): boolean {
  const given = digestSchema.safeParse(json);
  if (given.data?.digest === undefined) return given.success;
  const [line = '', digest] = firstLine.exec(text) ?? [];
  return digest === given.data.digest && digest === sha256(text.slice(line.length));
}

function reasonOf(text: string, json: unknown): string {
  if (text.trim() === '') return 'it is empty';
  return json === undefined ? 'it is not JSON' : 'parts of it are missing or changed';
}

function tooNew(path: string, format: number): AppError {
  return new AppError('vault_unreadable', `The vault ${path} was written by a newer Grantwright.`, {
    action: 'Update Grantwright to use it.',
    details: { file: path, format },
  });
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

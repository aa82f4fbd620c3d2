import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AppError } from '../../../shared/errors.ts';
import { recordAttempts } from '../../fixtures/attempts.ts';
import { numberOf, openTokens, ownerOf, tokenSet } from '../../fixtures/children/numbered-tokens.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

const owners = Array.from({ length: 6 }, (_, index) => ownerOf(`profile-${index}`));
const perKind = 25;

/** The ways to damage a file at a place, each over so many bytes. */
const kinds: Record<string, (bytes: Buffer, at: number, length: number) => Buffer> = {
  'one bit flipped': (bytes, at) => changed(bytes, at, [(bytes[at] ?? 0) ^ (1 << random(8))]),
  'overwritten with noise': (bytes, at, length) => changed(bytes, at, noise(length)),
  'overwritten with zeros': (bytes, at, length) => changed(bytes, at, new Array(length).fill(0)),
  'overwritten with spaces': (bytes, at, length) => changed(bytes, at, new Array(length).fill(0x20)),
  'overwritten with another part': (bytes, at, length) =>
    changed(bytes, at, [...bytes.subarray(random(bytes.length)).subarray(0, length)]),
  'cut off': (bytes, at) => bytes.subarray(0, at),
  'a part missing': (bytes, at, length) =>
    Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]),
  'a line missing': (bytes, at) => {
    const [start, end] = [bytes.lastIndexOf(10, at), bytes.indexOf(10, at + 1)];
    return Buffer.concat([
      bytes.subarray(0, Math.max(start, 0)),
      bytes.subarray(end < 0 ? bytes.length : end),
    ]);
  },
};

function random(below: number): number {
  return Math.floor(Math.random() * below);
}

function noise(length: number): number[] {
  return Array.from({ length }, () => random(256));
}

function changed(bytes: Buffer, at: number, values: number[]): Buffer {
  const damaged = Buffer.from(bytes);
  damaged.set(values.slice(0, bytes.length - at), at);
  return damaged;
}

/** A damaged copy of a folder for each kind of damage, at places spread over the whole file. */
async function* damages(folder: string) {
  const bytes = await readFile(join(folder, 'vault.json'));
  // Without that line alone, all that counts is whole: so it looks when a person has mended it.
  const withoutDigest = Buffer.from(bytes.toString().replace(/\n.*"digest".*/, ''));
  for (const [kind, damage] of Object.entries(kinds)) {
    for (let trial = 0; trial < perKind; trial += 1) {
      const at = Math.min(bytes.length - 1, Math.floor(((trial + Math.random()) / perKind) * bytes.length));
      const damaged = damage(bytes, at, 1 + random(200));
      if (damaged.equals(bytes) || damaged.equals(withoutDigest)) continue;
      yield { name: `${kind} at ${at}`, damaged };
    }
  }
}

async function filled(): Promise<string> {
  const folder = await temporaryFolder();
  const { vault, store } = await openTokens(folder);
  for (const [index, owner] of owners.entries()) await store.write(owner, tokenSet(100 + index));
  await vault.close();
  return folder;
}

/** What each token set is found to be: its number, null for none, or the code of a failure. */
async function numbersIn({
  store,
}: Awaited<ReturnType<typeof openTokens>>): Promise<(number | string | null)[]> {
  const read = async (owner: (typeof owners)[number]) => {
    try {
      return numberOf(await store.read(owner));
    } catch (thrown) {
      return AppError.from(thrown).code;
    }
  };
  return Promise.all(owners.map(read));
}

const all = owners.map((_, index) => 100 + index);

/** Whether the damaged bytes are still somewhere in the folder. */
async function isKept(folder: string, damaged: Buffer): Promise<boolean> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  const contents = await Promise.all(files.map((name) => readFile(join(folder, name))));
  return contents.some((content) => content.equals(damaged));
}

test('a vault damaged anywhere is restored from its copy, with every token set, and reported', async () => {
  const pristine = await filled();
  const folder = join(await temporaryFolder(), 'damaged');
  const broken: string[] = [];
  let trials = 0;
  for await (const { name, damaged } of damages(pristine)) {
    trials += 1;
    await cp(pristine, folder, { recursive: true, preserveTimestamps: true });
    await writeFile(join(folder, 'vault.json'), damaged);
    try {
      const opened = await openTokens(folder);
      expect(await numbersIn(opened)).toEqual(all);
      expect(opened.vault.problems()).toMatchObject([{ code: 'vault_damaged' }]);
      const [owner = ownerOf()] = owners;
      expect(await opened.store.write(owner, tokenSet(500))).toBeNull();
      await opened.vault.close();
      const again = await openTokens(folder);
      expect([await numbersIn(again), again.vault.problems()]).toEqual([[500, ...all.slice(1)], []]);
      expect(await isKept(folder, damaged)).toBe(true);
    } catch (thrown) {
      broken.push(`${name}: ${String(thrown)}`);
    }
    await rm(folder, { recursive: true });
  }
  recordAttempts({
    invariant: 'never lost',
    what: 'the vault file is damaged at a place spread over the whole file',
    attempts: trials,
    broken: broken.length,
    detail: { 'kinds of damage': Object.keys(kinds).length },
  });
  expect(broken).toEqual([]);
  expect(trials).toBeGreaterThan(150);
}, 120_000);

test('without a copy what is damaged is reported, what is not survives, and nothing is overwritten', async () => {
  const pristine = await filled();
  const folder = join(await temporaryFolder(), 'damaged');
  const broken: string[] = [];
  const counts = { trials: 0, refused: 0, survived: 0, setAside: 0 };
  for await (const { name, damaged } of damages(pristine)) {
    counts.trials += 1;
    await cp(pristine, folder, { recursive: true });
    await rm(join(folder, 'vault.backup.json'));
    await writeFile(join(folder, 'vault.json'), damaged);
    try {
      const opened = await openTokens(folder).catch((thrown: unknown) => AppError.from(thrown));
      if (opened instanceof AppError) {
        counts.refused += 1;
        expect(['vault_damaged', 'vault_key_invalid', 'vault_locked']).toContain(opened.code);
        expect(await readFile(join(folder, 'vault.json'))).toEqual(damaged);
      } else {
        const numbers = await numbersIn(opened);
        const lost = numbers.filter((number, index) => number !== all[index]);
        expect(lost.every((number) => number === null)).toBe(true);
        expect(opened.vault.problems()[0]?.code).toBe('vault_damaged');
        counts.setAside += lost.length;
        counts.survived += numbers.length - lost.length;
        await opened.vault.close();
      }
      expect(await isKept(folder, damaged)).toBe(true);
    } catch (thrown) {
      broken.push(`${name}: ${String(thrown)}`);
    }
    await rm(folder, { recursive: true });
  }
  const { trials, refused, survived, setAside } = counts;
  recordAttempts({
    invariant: 'never lost',
    what: 'the vault file is damaged, and it has no copy',
    attempts: trials,
    broken: broken.length,
    detail: { 'refused, untouched': refused, 'token sets kept': survived, 'token sets set aside': setAside },
  });
  expect(broken).toEqual([]);
  expect(trials).toBeGreaterThan(150);
  expect(setAside).toBeGreaterThan(0);
  expect(survived).toBeGreaterThan(setAside);
  expect(trials).toBeGreaterThan(150);
  expect(setAside).toBeGreaterThan(0);
  expect(survived).toBeGreaterThan(setAside);
}, 120_000);

import { expect, onTestFinished, test } from 'vitest';
import { recordAttempts } from '../../fixtures/attempts.ts';
import { numberOf, openTokens, ownerOf, tokenSet } from '../../fixtures/children/numbered-tokens.ts';
import { mountSmallDisk } from '../../fixtures/small-disk.ts';

const neighbours = Array.from({ length: 12 }, (_, index) => ownerOf(`neighbour-${index}`));

test('a disk that fills up at any page of a write loses no token set', async (context) => {
  const disk = mountSmallDisk(512);
  if (disk === null) return context.skip('a small disk cannot be mounted here: it takes Linux and root');
  onTestFinished(disk.remove);
  const owner = ownerOf();
  const { folder } = disk;
  const first = await openTokens(folder);
  for (const each of neighbours) await first.store.write(each, tokenSet(7));
  await first.store.write(owner, tokenSet(0));
  await first.vault.close();

  /** The token set that a new process finds, with all the others whole. */
  async function found(): Promise<number | null> {
    const { vault, store } = await openTokens(folder);
    for (const each of neighbours) expect(numberOf(await store.read(each))).toBe(7);
    const number = numberOf(await store.read(owner));
    await vault.close();
    expect(vault.problems().filter(({ code }) => code !== 'disk_full')).toEqual([]);
    return number;
  }

  /** One that takes three pages more than others, so that where the vault just fits its copy does not. */
  const large = (number: number) => ({ ...tokenSet(number), scope: 'x'.repeat(9_000) });

  let old = 0;
  const counts = { full: 0, stored: 0, withoutCopy: 0 };
  const broken: string[] = [];
  // Until there is room for the vault and its copy, and once more.
  for (let pages = 0; counts.stored < counts.withoutCopy + 2; pages += 1) {
    const { vault, store } = await openTokens(folder);
    disk.fill(pages);
    const failure = await store.write(owner, large(old + 1));
    await vault.close();
    const holds = await found();
    if (failure === null) {
      counts.stored += 1;
      counts.withoutCopy += vault.problems().length;
    } else {
      counts.full += 1;
      expect(failure.code).toBe('disk_full');
    }
    const due = failure === null ? old + 1 : old;
    if (holds !== due) broken.push(`${pages} pages: ${holds} instead of ${due} on disk`);
    // Whoever was given the new one has it still, and with room again it is stored.
    const held = numberOf(await store.read(owner));
    if (held !== old + 1) broken.push(`${pages} pages: ${held} instead of ${old + 1} in memory`);
    disk.free();
    expect(await store.write(owner, tokenSet(old + 2))).toBeNull();
    await vault.close();
    expect(await found()).toBe(old + 2);
    old += 2;
  }
  const { full, stored, withoutCopy } = counts;
  recordAttempts({
    invariant: 'never lost',
    what: 'the disk fills up at each page of a write',
    attempts: full + stored,
    broken: broken.length,
    detail: { 'failed with disk_full': full, stored, 'stored without its copy': withoutCopy },
  });
  expect(broken).toEqual([]);
  expect(full).toBeGreaterThan(2);
  expect(withoutCopy).toBeGreaterThan(0);
}, 60_000);

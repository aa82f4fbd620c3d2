import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { readVaultFile } from '../../../electron/tokens/vault-file.ts';
import { recordAttempts } from '../../fixtures/attempts.ts';
import { type Child, type ChildProgram, childProgram } from '../../fixtures/child-process.ts';
import { numberOf, openTokens, ownerOf, tokenSet } from '../../fixtures/children/numbered-tokens.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import { startRotatingServer } from './rotating-server.ts';

const neighbours = Array.from({ length: 10 }, (_, index) => `neighbour-${index}`);
const enough = { kills: 64, refreshes: 1_000 };

let refresher: ChildProgram;
beforeAll(async () => {
  refresher = await childProgram('token-refresher');
});
afterAll(() => refresher.remove());

/** What a killed process had said: the last number it was writing, and the last that it had stored. */
function lastSaid(child: Child): { writing: number | null; stored: number | null; insideWrite: boolean } {
  const last = (word: string) => child.lines.findLast((line) => line.startsWith(word))?.split(' ')[1];
  const [writing, stored] = [last('writing'), last('stored')].map((text) =>
    text === undefined ? null : Number(text),
  );
  return { writing: writing ?? null, stored: stored ?? null, insideWrite: writing !== stored };
}

test('a process killed at any instant of a thousand refreshes loses no token set', async () => {
  const folder = await temporaryFolder();
  const server = await startRotatingServer();
  onTestFinished(() => server.close());
  const first = await openTokens(folder);
  for (const name of neighbours) await first.store.write(ownerOf(name), tokenSet(7));
  await first.store.write(ownerOf(), tokenSet(0));
  await first.vault.close();

  const counts = { kills: 0, refreshes: 0, insideWrite: 0, copyBehind: 0 };
  const broken: string[] = [];
  let known = 0;
  let next = refresher.start(folder, server.url);
  onTestFinished(() => next.kill());

  /** Opens the vault as the next process would, and says what is wrong with it. */
  async function check(said: ReturnType<typeof lastSaid>): Promise<void> {
    const wrong = (what: string) => broken.push(`kill ${counts.kills}: ${what}`);
    const copy = await readVaultFile(join(folder, 'vault.backup.json'));
    if (copy.kind !== 'good') wrong(`the copy is ${copy.kind}`);
    else if (copy.text !== (await readFile(join(folder, 'vault.json'), 'utf8'))) counts.copyBehind += 1;
    const { vault, store } = await openTokens(folder);
    try {
      const number = numberOf(await store.read(ownerOf()));
      const may = [said.stored ?? known, ...(said.insideWrite ? [said.writing] : [])];
      if (number === null || !may.includes(number)) wrong(`holds ${number} instead of ${may.join(' or ')}`);
      known = number ?? known;
      for (const name of neighbours) {
        if (numberOf(await store.read(ownerOf(name))) !== 7) wrong(`${name} is lost`);
      }
      for (const { message } of vault.problems()) wrong(message);
    } catch (thrown) {
      wrong(String(thrown));
    }
    await vault.close();
  }

  while (counts.kills < enough.kills || counts.refreshes < enough.refreshes) {
    const child = next;
    child.tell('go');
    next = refresher.start(folder, server.url);
    // Some before it has stored anything, most after a few; then anywhere in the few milliseconds of one round.
    await child.printed(2 * Math.floor(Math.random() * 36));
    await pause(Math.random() * 10);
    await child.kill();
    const said = lastSaid(child);
    counts.kills += 1;
    counts.refreshes += child.lines.filter((line) => line.startsWith('stored')).length;
    counts.insideWrite += said.insideWrite ? 1 : 0;
    await check(said);
  }

  const { kills, refreshes, insideWrite, copyBehind } = counts;
  recordAttempts({
    invariant: 'never lost',
    what: 'a process that refreshes a rotating token is killed at a random instant',
    attempts: kills,
    broken: broken.length,
    detail: { refreshes, 'killed inside a write': insideWrite, 'killed before its copy': copyBehind },
  });
  expect(broken).toEqual([]);
  expect(server.reused).toBe(0);
  expect(server.newest).toBeGreaterThanOrEqual(enough.refreshes);
  expect(insideWrite).toBeGreaterThan(0);
  const last = await openTokens(folder);
  await last.store.write(ownerOf(), tokenSet(server.newest));
  await last.vault.close();
  // What a process killed while it took the lock has left is swept a day later.
  const others = /^(vault\.(json|key|backup\.json)|\.vault\.lock\.\w+\.tmp)$/;
  expect((await readdir(folder)).filter((name) => !others.test(name))).toEqual([]);
}, 120_000);

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AppError } from '../../../shared/errors.ts';
import { sendTo, statusOf, type TestEngine } from '../../fixtures/engine.ts';
import { openProject, ownPlayground, profile } from './playground-project.ts';

test('whatever is done at once by two processes, all ends, and no refresh token is used twice', async () => {
  const rejections: unknown[] = [];
  const note = (reason: unknown) => rejections.push(reason);
  process.on('unhandledRejection', note);
  const playground = await ownPlayground({ accessLifetimeSeconds: 1 });
  const passphrase = 'one';
  const first = await openProject(playground, { passphrase });
  const second = await openProject(playground, { passphrase, folder: join(first.engine.dataFolder, '..') });
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return Math.floor((seed / 2147483648) * below);
  };
  const failures: unknown[] = [];
  async function act(engine: TestEngine): Promise<void> {
    const persona = ['admin', 'reader'][random(2)] ?? null;
    const of = { profile, persona };
    const acts = [
      () => sendTo(engine, first.ordersUrl, profile, persona),
      () => sendTo(engine, first.ordersUrl, profile, persona),
      () => sendTo(engine, first.ordersUrl, profile, persona),
      () => engine.call('tokens.get', of),
      () => engine.call('tokens.refresh', of),
      () => engine.call('tokens.forget', of),
      () => engine.call('tokens.revoke', of),
      () => engine.call('tokens.cancel', of),
      () => engine.call('requests.cancel', { id: 'unsaved' }),
      () => engine.call('tokens.statuses', {}),
    ];
    await acts[random(acts.length)]?.().catch((thrown: unknown) => {
      if (!(thrown instanceof AppError) || thrown.code === 'internal') failures.push(thrown);
    });
  }
  for (let round = 0; round < 30; round += 1) {
    await Promise.all(
      Array.from({ length: 12 }, () => act([first.engine, second.engine][random(2)] ?? first.engine)),
    );
  }
  for (const { engine } of [first, second]) {
    for (const persona of ['admin', 'reader']) {
      expect((await statusOf(engine, profile, persona)).activity.kind).toBe('idle');
      await engine.call('tokens.get', { profile, persona });
    }
  }
  expect(playground.status().counters.reused).toBe(0);
  process.off('unhandledRejection', note);
  expect([...failures, ...rejections]).toEqual([]);
}, 120_000);

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { HostQuestion } from '../../../shared/model/token.ts';
import {
  endChromium,
  rejectionOf,
  startEngine,
  statusOf,
  type TestEngine,
  tokenEvents,
} from '../../fixtures/engine.ts';
import { foreignProfile as profile } from '../../fixtures/foreign-project.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import { type TwoHostLogin, twoHostLogin, writeTwoHostProject } from '../../fixtures/two-host-login.ts';
import { until } from '../../fixtures/until.ts';

afterAll(endChromium);

interface Asking {
  engine: TestEngine;
  login: TwoHostLogin;
  folder: string;
}

async function opened(personPresent = () => true): Promise<Asking> {
  const login = await twoHostLogin();
  const folder = await temporaryFolder();
  await writeTwoHostProject(folder, login);
  const engine = await startEngine({ folder: await temporaryFolder(), personPresent });
  await engine.call('project.open', { folder, trust: true });
  return { engine, login, folder };
}

/** The question as a window that is opened now sees it. */
async function questionOf({ engine }: Asking): Promise<HostQuestion | null> {
  const { activity } = await statusOf(engine, profile);
  return activity.kind === 'consent' ? activity.question : null;
}

async function untilAsked(asking: Asking): Promise<HostQuestion> {
  await until(async () => (await questionOf(asking)) !== null);
  const question = await questionOf(asking);
  if (question === null) throw new Error('the question is over');
  return question;
}

describe('a script that would type on another host', () => {
  test('asks every window, goes on when one allows it, and the timeline tells of it', async () => {
    const asking = await opened();
    const { engine, login, folder } = asking;
    const got = engine.call('tokens.get', { profile });
    const question = await untilAsked(asking);
    expect(question).toMatchObject({
      origin: `http://${login.other}`,
      words: `page.goto("http://${login.other}/field")`,
    });
    expect(login.typed()).toEqual([]);
    expect(engine.events).toContainEqual(
      expect.objectContaining({
        kind: 'token_status',
        status: expect.objectContaining({ activity: expect.objectContaining({ question, attended: false }) }),
      }),
    );
    await engine.call('tokens.answerHost', { id: question.id, allow: true });
    expect((await got).access.kind).toBe('held');
    expect(login.typed()).toEqual(['alice']);
    expect(engine.events).toContainEqual(
      expect.objectContaining({
        kind: 'token_status',
        status: expect.objectContaining({
          activity: expect.objectContaining({ kind: 'consent', question: null }),
        }),
      }),
    );
    const told = (await tokenEvents(engine)).find(({ kind }) => kind === 'host_answered');
    expect(told).toMatchObject({
      title: 'Another host was allowed',
      detail: expect.stringContaining(login.other),
    });
    // The answer was for this consent: the project is as it was, and the next one asks again.
    expect(await readFile(join(folder, 'profiles', `${profile}.json`), 'utf8')).not.toContain(login.other);
    const again = engine.call('tokens.get', { profile });
    await untilAsked(asking);
    await engine.call('tokens.cancel', { profile });
    expect((await rejectionOf(again)).code).toBe('consent_cancelled');
  });

  test('fails as with nobody there when that is refused; what is answered is answered', async () => {
    const asking = await opened();
    const { engine, login } = asking;
    const got = rejectionOf(engine.call('tokens.get', { profile }));
    const { id } = await untilAsked(asking);
    await engine.call('tokens.answerHost', { id, allow: false });
    const late = await rejectionOf(engine.call('tokens.answerHost', { id, allow: true }));
    expect(late.code).toBe('question_over');
    expect((await got).code).toBe('script_host_not_allowed');
    expect(login.typed()).toEqual([]);
    expect((await tokenEvents(engine)).find(({ kind }) => kind === 'host_answered')?.title).toBe(
      'Another host was refused',
    );
  });

  test('asks no more once it is cancelled', async () => {
    const asking = await opened();
    const { engine, login } = asking;
    const got = rejectionOf(engine.call('tokens.get', { profile }));
    const { id } = await untilAsked(asking);
    await engine.call('tokens.cancel', { profile });
    expect((await got).code).toBe('consent_cancelled');
    await until(async () => (await statusOf(engine, profile)).activity.kind === 'idle');
    const late = await rejectionOf(engine.call('tokens.answerHost', { id, allow: true }));
    expect(late.code).toBe('question_over');
    expect(login.typed()).toEqual([]);
  });

  test('asks nobody where nobody is, and whoever has come by the next time', async () => {
    let present = false;
    const asking = await opened(() => present);
    const { engine, login } = asking;
    const error = await rejectionOf(engine.call('tokens.get', { profile }));
    expect(error).toMatchObject({ code: 'script_host_not_allowed', details: { host: login.other } });
    expect((await tokenEvents(engine)).map(({ kind }) => kind)).not.toContain('host_answered');
    present = true;
    const got = engine.call('tokens.get', { profile });
    await engine.call('tokens.answerHost', { id: (await untilAsked(asking)).id, allow: true });
    expect((await got).access.kind).toBe('held');
  });

  test('asks in a test run too, whose stop ends the question', async () => {
    const asking = await opened();
    const { engine, login } = asking;
    const run = () =>
      engine.call('testRuns.start', {
        ...{
          profile,
          trial: { kind: 'script' as const, source: login.script },
          visible: false,
          stepping: false,
        },
      });
    const running = run();
    await engine.call('tokens.answerHost', { id: (await untilAsked(asking)).id, allow: true });
    expect((await running).outcome).toEqual({ kind: 'token_obtained' });
    expect(login.typed()).toEqual(['alice']);
    const stopped = run();
    const { id } = await untilAsked(asking);
    const told = engine.events.findLast(({ kind }) => kind === 'test_run');
    await engine.call('testRuns.stop', { id: told?.kind === 'test_run' ? told.run.id : '' });
    expect((await stopped).outcome).toEqual({ kind: 'stopped' });
    expect((await rejectionOf(engine.call('tokens.answerHost', { id, allow: true }))).code).toBe(
      'question_over',
    );
  });
});

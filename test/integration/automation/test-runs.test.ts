import { afterAll, describe, expect, test, vi } from 'vitest';
import type { TestRun } from '../../../shared/model/test-run.ts';
import {
  endChromium,
  openSample,
  rejectionOf,
  startEngine,
  statusOf,
  type TestEngine,
} from '../../fixtures/engine.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import { until } from '../../fixtures/until.ts';

afterAll(endChromium);

const profile = 'orders-api';

async function sample(): Promise<TestEngine> {
  const engine = await startEngine({ folder: await temporaryFolder() });
  await openSample(engine);
  return engine;
}

async function sampleScript(engine: TestEngine): Promise<string> {
  return (await engine.call('scripts.read', { profile })).source ?? '';
}

/** The newest state of the test run that the windows were told. */
function told(engine: TestEngine): TestRun | undefined {
  const event = engine.events.findLast(({ kind }) => kind === 'test_run');
  return event?.kind === 'test_run' ? event.run : undefined;
}

const lastStep = (engine: TestEngine) => told(engine)?.steps.at(-1);

function start(engine: TestEngine, source: string, more: { stepping?: boolean; visible?: boolean } = {}) {
  return engine.call('testRuns.start', {
    ...{ profile, trial: { kind: 'script', source }, visible: false, stepping: false },
    ...more,
  });
}

describe('a test run', () => {
  test('shows each step with time, line, page and picture, and obtains the token', async () => {
    const engine = await sample();
    const source = `log('hello', vars.password, vars.persona, vars.profile);\n${await sampleScript(engine)}`;
    const run = await start(engine, source);
    expect(run.outcome).toEqual({ kind: 'token_obtained' });
    expect((await statusOf(engine, profile)).access.kind).toBe('held');
    expect(run.steps.length).toBeGreaterThan(3);
    expect(run.log).toEqual(['hello [password] admin Orders API']);
    for (const [at, step] of run.steps.entries()) {
      expect(step).toMatchObject({ index: at + 1, state: 'passed', reason: null, line: expect.any(Number) });
      expect(step.durationMs).toBeGreaterThanOrEqual(0);
    }
    expect(told(engine)).toEqual(run);
    const pictured = run.steps.filter(({ pictured }) => pictured);
    expect(pictured.length).toBeGreaterThan(2);
    for (const { index, url } of pictured) {
      const { jpeg } = await engine.call('testRuns.picture', { id: run.id, index });
      expect(
        Buffer.from(jpeg ?? '', 'base64')
          .subarray(0, 2)
          .toString('hex'),
      ).toBe('ffd8');
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[^?#]*$/);
    }
    // What was on trial is not saved.
    expect(await sampleScript(engine)).not.toContain('hello');
  });

  test('has done the step in which the redirect comes', async () => {
    const engine = await sample();
    const run = await start(engine, `${await sampleScript(engine)}\nawait page.waitForTimeout(9000);`);
    expect(run.outcome).toEqual({ kind: 'token_obtained' });
    expect(run.steps.map(({ state }) => state)).toEqual(run.steps.map(() => 'passed'));
    expect(run.steps.at(-1)?.durationMs).toBeLessThan(9000);
  });

  test('is stepped through, and runs on', async () => {
    const engine = await sample();
    const running = start(engine, await sampleScript(engine), { stepping: true });
    for (const index of [1, 2, 3]) {
      await until(() => lastStep(engine)?.index === index && lastStep(engine)?.state === 'held');
      expect(
        told(engine)
          ?.steps.slice(0, -1)
          .every(({ state }) => state === 'passed'),
      ).toBe(true);
      await engine.call('testRuns.next', { id: told(engine)?.id ?? '', all: index === 3 });
    }
    expect((await running).outcome).toEqual({ kind: 'token_obtained' });
  });

  test('that is stepped through has as much time as a person', async () => {
    const engine = await sample();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
    try {
      const running = start(engine, await sampleScript(engine), { stepping: true });
      await until(() => lastStep(engine)?.state === 'held');
      // Longer than an unseen flow has.
      vi.advanceTimersByTime(180_000);
      await engine.call('testRuns.next', { id: told(engine)?.id ?? '', all: true });
      expect((await running).outcome).toEqual({ kind: 'token_obtained' });
    } finally {
      vi.useRealTimers();
    }
  });

  test.each([
    ['held', true, 'await page.title()'],
    ['running', false, 'await page.waitForTimeout(9000)'],
  ])(
    'is stopped while a step is %s, and another one begins from the start',
    async (state, stepping, source) => {
      const engine = await sample();
      const running = start(engine, source, { stepping });
      await until(() => lastStep(engine)?.state === state);
      await engine.call('testRuns.stop', { id: told(engine)?.id ?? '' });
      const { outcome, steps } = await running;
      expect([outcome, steps.map((step) => step.state)]).toEqual([{ kind: 'stopped' }, ['stopped']]);
      const again = await start(engine, await sampleScript(engine));
      expect([again.outcome, again.steps[0]?.index]).toEqual([{ kind: 'token_obtained' }, 1]);
    },
  );

  test.each([
    ['held', true],
    ['running', false],
  ])('ends as stopped when its update is cancelled elsewhere while a step is %s', async (state, stepping) => {
    const engine = await sample();
    const running = start(engine, 'await page.waitForTimeout(9000)', { stepping });
    await until(() => lastStep(engine)?.state === state);
    await engine.call('tokens.cancel', { profile });
    expect((await running).outcome).toEqual({ kind: 'stopped' });
  });

  test('that is stopped before its update began obtains nothing', async () => {
    const engine = await sample();
    const running = start(engine, await sampleScript(engine));
    await until(() => told(engine) !== undefined);
    await engine.call('testRuns.stop', { id: told(engine)?.id ?? '' });
    expect((await running).outcome).toEqual({ kind: 'stopped' });
    expect((await statusOf(engine, profile)).access.kind).toBe('none');
  });

  test('ends with its project, and with its engine', async () => {
    const engine = await sample();
    const script = await sampleScript(engine);
    const first = start(engine, script, { stepping: true });
    await until(() => lastStep(engine)?.state === 'held');
    await engine.call('project.close', {});
    expect((await first).outcome).toEqual({ kind: 'stopped' });
    await engine.call('project.openSample', {});
    engine.events.length = 0;
    const second = start(engine, script, { stepping: true });
    await until(() => lastStep(engine)?.state === 'held');
    await engine.dispose();
    expect((await second).outcome).toEqual({ kind: 'stopped' });
  });

  test('is not joined by a send or Get Access Token, and not run beside another', async () => {
    const engine = await sample();
    const script = await sampleScript(engine);
    const running = start(engine, script, { stepping: true });
    await until(() => lastStep(engine)?.state === 'held');
    expect((await start(engine, script)).outcome).toMatchObject({ error: { code: 'test_run_busy' } });
    const getting = engine.call('tokens.get', { profile });
    await engine.call('testRuns.stop', {
      id: engine.events.flatMap((event) => (event.kind === 'test_run' ? [event.run] : []))[0]?.id ?? '',
    });
    expect((await running).outcome).toEqual({ kind: 'stopped' });
    expect((await getting).access.kind).toBe('held');
    expect((await start(engine, 'throw new Error("mine")')).outcome?.kind).toBe('failed');
    // The token that is held is as good as before.
    expect((await statusOf(engine, profile)).failure).toBeNull();
  });

  test('of page scripts goes the same way', async () => {
    const engine = await sample();
    const pages = [
      {
        ...{ name: 'Login', url: '', selector: '#username, #user, [name=user]' },
        source: `document.querySelector('input').value = vars.user;
          document.querySelector('[type=password]').value = vars.password; document.forms[0].submit();`,
      },
      { name: 'Consent', url: '', selector: '', source: 'nothing.at.all' },
    ];
    const run = await engine.call('testRuns.start', {
      ...{ profile, trial: { kind: 'page_scripts', pages }, visible: false, stepping: false },
    });
    expect(run.outcome).toMatchObject({ kind: 'step_failed', error: { code: 'script_step_failed' } });
    expect(run.steps.map(({ state }) => state)).toEqual(['passed', 'failed']);
    expect(run.steps[1]?.reason).toContain('nothing is not defined');
  });

  test('says which step failed and why, and what cannot be read', async () => {
    const engine = await sample();
    const failed = await start(
      engine,
      `await page.title();\nawait page.getByRole('button', { name: 'Log on' }).click({ timeout: 500 });`,
    );
    expect(failed.outcome).toMatchObject({
      kind: 'step_failed',
      error: { code: 'script_step_failed', details: { line: 2, title: 'Sign in · Playground' } },
    });
    const nearest = failed.outcome?.kind === 'step_failed' ? failed.outcome.nearest : [];
    expect(nearest[0]).toBe("page.getByRole('button', { name: 'Sign in' })");
    expect(nearest).toHaveLength(3);
    expect(failed.steps.map(({ state, reason }) => [state, reason])).toEqual([
      ['passed', null],
      ['failed', 'nothing like it appeared within 0.5 s'],
    ]);
    const syntax = await start(engine, 'await page.(');
    expect(syntax.outcome).toMatchObject({ kind: 'failed', error: { code: 'script_syntax' } });
  });

  test('does not run in place of another update, nor for a grant without screens', async () => {
    const engine = await sample();
    const source = `await page.waitForTimeout(2000);\n${await sampleScript(engine)}`;
    await engine.call('scripts.save', { profile, source });
    const getting = engine.call('tokens.get', { profile });
    await until(async () => (await statusOf(engine, profile)).activity.kind === 'consent');
    const { outcome, steps } = await start(engine, 'await page.title()');
    expect((await statusOf(engine, profile)).activity.kind).toBe('consent');
    await getting;
    expect([outcome, steps]).toMatchObject([{ kind: 'failed', error: { code: 'test_run_busy' } }, []]);
    const error = await rejectionOf(
      engine.call('testRuns.start', {
        ...{ profile: 'orders-service', trial: { kind: 'script', source: 'await page.title()' } as const },
        ...{ visible: false, stepping: false },
      }),
    );
    expect(error.code).toBe('not_supported_here');
  });
});

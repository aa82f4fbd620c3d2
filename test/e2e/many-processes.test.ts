import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Playground, startPlayground } from '../../electron/playground/playground.ts';
import type { EngineClient } from '../../shared/contract/router.ts';
import type { ApiRequest } from '../../shared/model/request.ts';
import { tokenStateAt } from '../../shared/model/token.ts';
import { recordRefreshes } from '../fixtures/attempts.ts';
import { startBareWebHost } from '../fixtures/bare-web-host.ts';
import { cli, startCli } from '../fixtures/cli.ts';
import { hosts, type RunningHost, startWebHost } from '../fixtures/hosts.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { until, untilPasses } from '../fixtures/until.ts';

const profile = 'orders-api';

/** A playground, and a folder whose data and projects all hosts of the test share. */
async function shared(accessLifetimeSeconds: number) {
  const playground = await startPlayground({ settings: { accessLifetimeSeconds } });
  onTestFinished(() => playground.stop());
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'data'), { recursive: true });
  const env = {
    GRANTWRIGHT_VAULT_KEY: 'one key for all hosts',
    GRANTWRIGHT_VAR_playground_url: playground.url,
    GRANTWRIGHT_VAR_orders_service_secret: 'playground-service-secret',
  };
  return { playground, folder, env, project: join(folder, 'projects', 'playground-sample') };
}

type Shared = Awaited<ReturnType<typeof shared>>;

async function listRequest(call: EngineClient): Promise<ApiRequest> {
  const state = await call('project.openSample', {});
  const found = state.kind === 'open' && state.project.requests.find(({ id }) => id === 'orders/list');
  if (!found) throw new Error('The sample has no orders/list.');
  return found.request;
}

async function untilExpired(call: EngineClient): Promise<void> {
  await untilPasses(async () => {
    const { statuses } = await call('tokens.statuses', {});
    const status = statuses.find((each) => each.profile === profile && each.persona === 'admin');
    if (status === undefined || tokenStateAt(status, Date.now()) !== 'expired') throw new Error('Not yet.');
  }, 30_000);
}

/** Sends so many at once; gives how many were answered with 200. */
async function sendMany(call: EngineClient, request: ApiRequest, count: number): Promise<number> {
  const exchanges = await Promise.all(
    Array.from({ length: count }, () => call('requests.send', { id: 'orders/list', request })),
  );
  return exchanges.filter(({ outcome }) => outcome.kind === 'response' && outcome.response.status === 200)
    .length;
}

/** From now on tokens live long, and the next token request takes so long that everybody meets at the lock. */
function letRefreshTake(playground: Playground, delayMs: number): void {
  const failure = delayMs === 0 ? ({ kind: 'none' } as const) : ({ kind: 'slow', delayMs } as const);
  playground.configure({ ...playground.status().settings, accessLifetimeSeconds: 3600, failure });
}

async function startTimeMs({ folder, project, env }: Shared): Promise<number> {
  const startedMs = performance.now();
  await cli(folder, ['token', 'status', profile, '-p', project], env);
  return Math.round(performance.now() - startedMs);
}

const sendByCli = (parts: Shared, count: number) =>
  startCli(
    parts.folder,
    ['send', 'orders/list', '-p', parts.project, '--repeat', String(count), '--parallel', String(count)],
    parts.env,
  );

/** A command line whose refresh has reached the server. */
async function refreshingByCli(parts: Shared): Promise<ReturnType<typeof startCli>> {
  const started = sendByCli(parts, 1);
  const onWire = () => parts.playground.status().counters.refresh_token === 1;
  await until(onWire, 30_000);
  return started;
}

/** How many of the answers that a command line printed are the list of orders. */
const listsIn = (out: string) => out.split('\n').filter((line) => line.startsWith('{"orders":')).length;

async function startDesktop(parts: Shared): Promise<RunningHost | null> {
  const desktop = hosts.find(({ kind }) => kind === 'desktop');
  if (desktop === undefined || desktop.missing) return null;
  const host = await desktop.start({ folder: parts.folder, env: parts.env });
  onTestFinished(() => host.close({ keepFolder: true }));
  return host;
}

describe('many processes on one vault', () => {
  it('a thousand sends from eight processes, desktop, web and command line mixed, cause one refresh', async () => {
    const parts = await shared(2);
    const { playground } = parts;
    const first = (await startBareWebHost(parts)).call;
    const request = await listRequest(first);
    const desktop = await startDesktop(parts);
    const others = await Promise.all([startBareWebHost(parts), startBareWebHost(parts)]);
    const clients = [first, ...others.map(({ call }) => call), ...(desktop === null ? [] : [desktop.client])];
    for (const call of clients) await listRequest(call);
    await first('tokens.get', { profile });
    await untilExpired(first);
    // As long as all the processes take to start, however slow this machine is.
    letRefreshTake(playground, Math.min(20_000, Math.max(5_000, 12 * (await startTimeMs(parts)))));
    const runs = Array.from({ length: 8 - clients.length }, () => sendByCli(parts, 125));
    const [byClient, byCli] = await Promise.all([
      Promise.all(clients.map((call) => sendMany(call, request, 125))),
      Promise.all(runs.map(({ ended }) => ended)),
    ]);
    expect(byClient).toEqual(clients.map(() => 125));
    expect(byCli.map(({ code, out }) => [code, listsIn(out)])).toEqual(runs.map(() => [0, 125]));
    const { counters } = playground.status();
    recordRefreshes(
      `1,000 sends at once from 8 processes (${desktop === null ? 'no desktop here' : '1 desktop'}, 3 web, ${runs.length} command line) on an expired token`,
      counters,
    );
    expect(counters).toMatchObject({
      ...{ authorization_code: 1, refresh_token: 1, reused: 0, refused: 0 },
      ...{ api: 1000, apiUnauthorized: 0 },
    });
    // Each process that waited knows of it, and from whom it has its token.
    const refreshing = byCli.filter(({ err }) => err.includes('Refreshed in the background'));
    const waiting = byCli.filter(({ err }) => err.includes('Updated by another process'));
    expect(refreshing.length + waiting.length).toBe(runs.length);
    for (const { err } of waiting)
      expect(err).toMatch(/… waiting: updating the token of “Orders API” in the \w+ /);
  });

  it('a thousand sends from four windows of one web host cause one refresh', async () => {
    const parts = await shared(2);
    const { playground } = parts;
    const host = await startWebHost({ folder: parts.folder, env: parts.env });
    onTestFinished(() => host.close({ keepFolder: true }));
    const request = await listRequest(host.client);
    await host.client('tokens.get', { profile });
    await untilExpired(host.client);
    letRefreshTake(playground, 500);
    const context = host.page.context();
    const windows = [host.page, ...(await Promise.all([1, 2, 3].map(() => context.newPage())))];
    for (const page of windows.slice(1)) await page.goto(host.url);
    const answered = await Promise.all(
      windows.map((page) =>
        page.evaluate(
          async ([url, body]) => {
            const { origin, hash } = new URL(String(url));
            const headers = {
              authorization: `Bearer ${hash.replace('#token=', '')}`,
              'content-type': 'application/json',
            };
            const replies = await Promise.all(
              Array.from({ length: 250 }, async () =>
                (
                  await fetch(`${origin}/api/call/requests.send`, {
                    method: 'POST',
                    headers,
                    body: String(body),
                  })
                ).json(),
              ),
            );
            return replies.filter((reply) => reply.value?.outcome?.response?.status === 200).length;
          },
          [host.url, JSON.stringify({ id: 'orders/list', request })],
        ),
      ),
    );
    expect(answered).toEqual([250, 250, 250, 250]);
    const { counters } = playground.status();
    recordRefreshes('1,000 sends at once from 4 windows of one host on an expired token', counters);
    expect(counters).toMatchObject({ authorization_code: 1, refresh_token: 1, reused: 0, api: 1000 });
  });

  it('a process that dies in the middle of its refresh leaves no lock: the next one takes over at once', async () => {
    const parts = await shared(2);
    const { playground } = parts;
    const web = (await startBareWebHost(parts)).call;
    const request = await listRequest(web);
    await web('tokens.get', { profile });
    await untilExpired(web);
    letRefreshTake(playground, 60_000);
    const doomed = await refreshingByCli(parts);
    const waiting = sendMany(web, request, 20);
    await untilPasses(async () => {
      const { statuses } = await web('tokens.statuses', {});
      const elsewhere = statuses.find(({ activity }) => activity.kind === 'elsewhere');
      expect(elsewhere?.activity).toMatchObject({
        what: expect.stringMatching(
          /^updating the token of “Orders API” in the command line \(process \d+\)$/,
        ),
      });
    }, 20_000);
    letRefreshTake(playground, 0);
    doomed.child.kill('SIGKILL');
    expect(await waiting).toBe(20);
    expect(playground.status().counters).toMatchObject({
      refresh_token: 2,
      reused: 0,
      authorization_code: 1,
    });
  });

  it('a process that is told to end in the middle of its refresh stores what the refresh brings first', async () => {
    const parts = await shared(2);
    const { playground } = parts;
    const web = (await startBareWebHost(parts)).call;
    const request = await listRequest(web);
    await web('tokens.get', { profile });
    await untilExpired(web);
    letRefreshTake(playground, 1_500);
    const interrupted = await refreshingByCli(parts);
    interrupted.child.kill('SIGINT');
    expect((await interrupted.ended).code).toBe(130);
    expect(await sendMany(web, request, 5)).toBe(5);
    expect(playground.status().counters).toMatchObject({
      refresh_token: 1,
      reused: 0,
      authorization_code: 1,
    });
  });

  it('a process that waits for consent in another says so, and fails by its own deadline', async () => {
    const parts = await shared(3600);
    const web = (await startBareWebHost(parts)).call;
    await listRequest(web);
    await web('scripts.save', { profile, source: null });
    const consent = web('tokens.get', { profile }).catch((thrown: unknown) => thrown);
    await untilPasses(async () => {
      const { statuses } = await web('tokens.statuses', {});
      if (!statuses.some(({ activity }) => activity.kind === 'consent')) throw new Error('Not yet.');
    }, 20_000);
    const parameters = ['token', 'get', profile, '-p', parts.project, '--wait', '1'];
    const { code, err } = await cli(parts.folder, parameters, parts.env);
    expect(code).toBe(2);
    expect(err).toContain('error token_busy_elsewhere');
    expect(err).toMatch(/consent in progress for “Orders API” in the web host \(process \d+\)/);
    expect(err).toContain('Finish or cancel it there');
    await web('tokens.cancel', { profile });
    expect(await consent).toMatchObject({ code: 'consent_cancelled' });
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Command } from 'commander';
import { AppError } from '../../../../shared/errors.ts';
import type { PlaygroundSettings } from '../../../../shared/model/playground.ts';
import type { Exchange } from '../../../../shared/model/request.ts';
import { type TokenEvent, tokenStateAt } from '../../../../shared/model/token.ts';
import { type CliEngine, startEngine } from '../engine.ts';
import { bold, dim, duration, green, timelineLine } from '../output.ts';

const profile = 'orders-api';
const request = 'orders/list';

function heading(number: number, text: string): void {
  console.log(`\n${bold(`${number}. ${text}`)}`);
}

async function send({ call }: CliEngine, id: string): Promise<Exchange> {
  const state = await call('project.current', {});
  const found = state.kind === 'open' ? state.project.requests.find((each) => each.id === id) : undefined;
  if (found === undefined)
    throw new AppError('request_not_found', `The sample project has no request ${id}.`);
  const exchange = await call('requests.send', { id, request: found.request });
  if (exchange.outcome.kind === 'failed') throw AppError.fromWire(exchange.outcome.error);
  const { status, statusText } = exchange.outcome.response;
  if (status >= 400) throw new AppError('request_invalid', `The demo's ${id} was answered with ${status}.`);
  const times = `${duration(exchange.timing.totalMs)}, of it ${duration(exchange.timing.tokenMs)} for the token`;
  console.log(
    `   ${exchange.request.method} ${exchange.request.url}  ${green(`${status} ${statusText}`)}  ${dim(times)}`,
  );
  return exchange;
}

async function configure({ call }: CliEngine, change: Partial<PlaygroundSettings>): Promise<void> {
  const status = await call('playground.start', {});
  if (status.kind !== 'running') throw new AppError('playground_failed', 'The playground does not run.');
  await call('playground.configure', { settings: { ...status.settings, ...change } });
}

async function untilExpired({ call }: CliEngine): Promise<void> {
  for (;;) {
    const { statuses } = await call('tokens.statuses', {});
    const status = statuses.find((each) => each.profile === profile);
    if (status !== undefined && tokenStateAt(status, Date.now()) === 'expired') return;
    await delay(100);
  }
}

/** A demo that shows something else than it says must fail. */
function expectEvent(events: TokenEvent[], kind: TokenEvent['kind'], since: number): void {
  if (events.slice(since).some((event) => event.kind === kind)) return;
  throw new AppError('internal', `The demo expected the token event ${kind}, and it did not happen.`);
}

async function show(engine: CliEngine, events: TokenEvent[]): Promise<void> {
  heading(1, 'The playground: a real authorization server and a protected API, on this machine');
  await engine.call('project.openSample', {});
  await configure(engine, { accessLifetimeSeconds: 4 });
  const playground = await engine.call('playground.status', {});
  if (playground.kind === 'running')
    console.log(`   ${playground.url}  ${dim('access tokens live 4 s, refresh tokens rotate')}`);

  heading(2, 'Get Access Token: a script works the login and consent pages in a real browser');
  const source = (await engine.call('scripts.read', { profile })).source ?? '';
  for (const line of source.split('\n').filter((line) => line.includes('page.')))
    console.log(dim(`   | ${line.trim()}`));
  const startedAt = Date.now();
  await engine.call('tokens.get', { profile });
  console.log(
    `   ${green('token obtained')} in ${duration(Date.now() - startedAt)}, browser start included, nobody at the screen`,
  );

  heading(3, 'Send authenticated requests');
  await send(engine, request);
  await send(engine, 'orders/create');

  heading(4, 'The access token expires; the next send refreshes it in the background');
  await untilExpired(engine);
  let since = events.length;
  await send(engine, request);
  expectEvent(events, 'refreshed', since);

  heading(5, 'It expires again, and the server refuses the refresh; consent runs again by itself');
  await untilExpired(engine);
  await configure(engine, { failure: { kind: 'refuse_refresh' } });
  since = events.length;
  await send(engine, request);
  expectEvent(events, 'refresh_refused', since);
  expectEvent(events, 'obtained', since);
}

async function runDemo(version: string): Promise<void> {
  const startedAt = Date.now();
  const folder = await mkdtemp(join(tmpdir(), 'grantwright-demo-'));
  process.env.GRANTWRIGHT_DATA_DIR = join(folder, 'data');
  process.env.GRANTWRIGHT_PROJECTS_DIR = join(folder, 'projects');
  const events: TokenEvent[] = [];
  const engine = await startEngine({ version, onTokenEvent: (event) => events.push(event) });
  try {
    console.log(bold('Grantwright: a token obtained unattended, kept fresh, and used'));
    await show(engine, events);
    heading(6, 'What happened to the token');
    for (const event of events) console.log(`   ${timelineLine(event)}`);
    const playground = await engine.call('playground.status', {});
    if (playground.kind === 'running') {
      const { authorization_code, refresh_token, api, apiUnauthorized } = playground.counters;
      console.log(
        `\n   The server counted: ${authorization_code} codes exchanged, ${refresh_token} refreshes, ${api} API calls, ${apiUnauthorized} refused.`,
      );
    }
    console.log(
      `\n${green('Done')} in ${duration(Date.now() - startedAt)}. ${dim('npm start opens the app.')}`,
    );
  } finally {
    await engine.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}

/** `grantwright demo`: the main job in the terminal, in under a minute; it fails if anything it shows does not happen. */
export function demoCommand(version: string): Command {
  return new Command('demo')
    .description('Show the main job on the playground: consent by script, send, refresh, refused refresh')
    .action(() => runDemo(version));
}

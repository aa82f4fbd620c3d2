import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOAuthFetch } from '../../electron/oauth/fetch.ts';
import { startPlayground } from '../../electron/playground/playground.ts';
import { memorySettings } from '../../electron/services/settings.ts';
import { createServices } from '../../electron/services.ts';
import { keyFileCipher } from '../../electron/tokens/cipher.ts';
import { createClient } from '../../shared/contract/router.ts';
import { profileSchema } from '../../shared/model/profile.ts';
import { requestSchema } from '../../shared/model/request.ts';

/**
 * What a send pays for its token: the same send without auth and with a valid token, turn by turn in one run; and a send
 * on an expired token beside the bare token call at the same server. The whole engine, a real vault on the disk, a real
 * authorization server and API on loopback. Arguments: rounds.
 */
const rounds = Number(process.argv[2] ?? 300);

const folder = await mkdtemp(join(tmpdir(), 'grantwright-measure-'));
const clock = { aheadMs: 0 };
const playground = await startPlayground();
const api = createServer((request, response) => {
  request.resume();
  response.setHeader('content-type', 'application/json').end('{"orders":[]}');
});
await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
const apiUrl = `http://127.0.0.1:${(api.address() as AddressInfo).port}/orders`;

const services = await createServices({
  kind: 'cli',
  version: '0.0.0-measure',
  dataFolder: join(folder, 'data'),
  projectsFolder: join(folder, 'projects'),
  settings: memorySettings(),
  planVault: async () => ({
    kind: 'sealed',
    ciphers: [keyFileCipher(join(folder, 'data', 'vault.key'))],
  }),
  consentBrowsers: [],
  now: () => Date.now() + clock.aheadMs,
  personPresent: () => false,
  override: () => undefined,
  chooseFolder: null,
  followsOthers: true,
  emit: () => undefined,
});
const call = createClient(services.router);

const client = 'playground-password';
const secret = 'playground-password-secret';
await call('project.create', { folder: join(folder, 'projects', 'orders'), name: 'Orders' });
await call('profiles.create', { name: 'Orders' });
await call('profiles.save', {
  id: 'orders',
  profile: profileSchema.parse({
    name: 'Orders',
    grant: { kind: 'password' },
    server: { tokenUrl: `${playground.url}/token` },
    client: { kind: 'client_secret_basic', id: client, secret: '{{orders_secret}}' },
    scope: 'offline_access orders.read',
    personas: [
      {
        name: 'default',
        values: [
          { name: 'user', kind: 'plain', value: 'alice' },
          { name: 'password', kind: 'plain', value: 'alice-pw' },
        ],
      },
    ],
  }),
});
await call('secrets.save', { name: 'orders_secret', value: secret });
await call('tokens.get', { profile: 'orders' });

const request = requestSchema.parse({ name: 'GET', url: apiUrl });
async function send(withToken: boolean): Promise<number> {
  const auth = withToken
    ? { kind: 'profile' as const, profile: 'orders', persona: null }
    : { kind: 'none' as const };
  const from = performance.now();
  const exchange = await call('requests.send', { id: 'list', request: { ...request, auth } });
  const tookMs = performance.now() - from;
  if (exchange.outcome.kind === 'failed') throw new Error(exchange.outcome.error.message);
  if (exchange.outcome.response.status !== 200) throw new Error(`HTTP ${exchange.outcome.response.status}`);
  return tookMs;
}

const fetchOAuth = createOAuthFetch();
let chain = '';
async function bareTokenCall(form: Record<string, string>): Promise<number> {
  const from = performance.now();
  const response = await fetchOAuth(`${playground.url}/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${btoa(`${client}:${secret}`)}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams(form),
  });
  const answer = (await response.json()) as { refresh_token: string };
  const tookMs = performance.now() - from;
  chain = answer.refresh_token;
  return tookMs;
}

const median = (times: number[]) => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
const slow = (times: number[]) => [...times].sort((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? 0;
const ms = (value: number) => `${value.toFixed(2)} ms`.padStart(11);
const row = (name: string, times: number[]) =>
  console.log(`${name.padEnd(46)}${ms(median(times))}${ms(slow(times))}`);

const times = { none: [] as number[], valid: [] as number[], bare: [] as number[], refresh: [] as number[] };
for (let round = -30; round < rounds; round += 1) {
  const [none, valid] = [await send(false), await send(true)];
  if (round >= 0) times.none.push(none);
  if (round >= 0) times.valid.push(valid);
}
const user = { username: 'alice', password: 'alice-pw', scope: 'offline_access orders.read' };
await bareTokenCall({ grant_type: 'password', ...user });
for (let round = -5; round < rounds / 3; round += 1) {
  const bare = await bareTokenCall({ grant_type: 'refresh_token', refresh_token: chain });
  clock.aheadMs += 301_000;
  const refresh = await send(true);
  if (round >= 0) times.bare.push(bare);
  if (round >= 0) times.refresh.push(refresh);
}
const { counters } = playground.status();

console.log(`${''.padEnd(46)}${'median'.padStart(11)}${'95 %'.padStart(11)}`);
row('send without auth', times.none);
row('send with a valid token', times.valid);
row('the bare token call', times.bare);
row('send that must refresh first', times.refresh);
const paidMs = median(times.valid) - median(times.none);
const addedMs = median(times.refresh) - median(times.bare) - median(times.none);
console.log(`\na valid token costs a send   ${ms(paidMs)} at the median (goal: under 1 ms)`);
console.log(
  `a refresh costs, beyond the bare token call and the send itself, ${ms(addedMs)} (goal: under 20 ms)`,
);
console.log(`refreshes counted by the server: ${counters.refresh_token}, reused: ${counters.reused}`);

await services.dispose();
await playground.stop();
api.close();
api.closeAllConnections();
await rm(folder, { recursive: true, force: true });

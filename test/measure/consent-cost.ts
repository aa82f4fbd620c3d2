import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { createChromiumBrowser } from '../../electron/consent/browsers/chromium.ts';
import { chromiumCandidates } from '../../electron/consent/browsers/find-chromium.ts';
import { launchFirst } from '../../electron/consent/browsers/launch-chromium.ts';
import { createConsentService } from '../../electron/consent/consent-service.ts';
import { startPlayground } from '../../electron/playground/playground.ts';
import { Secret } from '../../shared/secret.ts';

/**
 * What this product adds to a consent: the same login and consent screens of the playground, worked by the same steps,
 * in plain Playwright and by the consent service, turn by turn in one run, each on a warm Chromium of its own. Plain
 * Playwright here has no more than the steps: a fresh context, the page, four actions, the redirect, the context closed.
 * Between two turns there is a rest, so that neither pays for what the other leaves behind.
 * Arguments: rounds.
 */
const restMs = 300;
const rounds = Number(process.argv[2] ?? 40);
const redirectUri = 'http://127.0.0.1:9/callback';
const source = `await page.getByLabel('User name').fill(vars.user);
await page.getByLabel('Password').fill(vars.password);
await page.getByRole('button', { name: 'Sign in' }).click();
await page.getByRole('button', { name: 'Allow' }).click();
`;

const playground = await startPlayground();
const chromium = createChromiumBrowser({ headedPossible: () => false });
const service = createConsentService({ browsers: [chromium], now: Date.now });
const plainBrowser = await launchFirst({
  candidates: chromiumCandidates(),
  headless: true,
  noSandbox: false,
});

function authorizationUrl(): string {
  const url = new URL(`${playground.url}/auth`);
  const challenge = createHash('sha256').update(randomBytes(32).toString('base64url')).digest('base64url');
  const parameters = {
    ...{ response_type: 'code', client_id: 'playground-app', redirect_uri: redirectUri },
    ...{ scope: 'openid offline_access orders.read', state: randomBytes(16).toString('base64url') },
    ...{ code_challenge: challenge, code_challenge_method: 'S256' },
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

function checkRedirect(url: string): void {
  if (!url.startsWith(`${redirectUri}?code=`)) throw new Error('it did not come to the redirect with a code');
}

async function plain(browser: Browser): Promise<number> {
  const url = authorizationUrl();
  const from = performance.now();
  const context = await browser.newContext();
  const page = await context.newPage();
  const redirect = page.waitForRequest((request) => request.url().startsWith(redirectUri));
  await page.goto(url, { waitUntil: 'commit' });
  await page.getByLabel('User name').fill('alice');
  await page.getByLabel('Password').fill('alice-pw');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Allow' }).click();
  checkRedirect((await redirect).url());
  await context.close();
  return performance.now() - from;
}

async function byProduct(): Promise<number> {
  const url = authorizationUrl();
  const from = performance.now();
  const outcome = await service.run(
    {
      ...{ profileName: 'Orders API', redirectUri, session: null, attended: false },
      script: { kind: 'script' as const, source, fileName: 'orders-api.js' },
      vars: { user: 'alice', password: new Secret('alice-pw') },
      begin: async () => url,
    },
    new AbortController().signal,
  );
  const tookMs = performance.now() - from;
  checkRedirect(outcome.url);
  return tookMs;
}

const sorted = (times: number[]) => [...times].sort((a, b) => a - b);
const median = (times: number[]) => sorted(times)[Math.floor(times.length / 2)] ?? 0;
const ms = (value: number) => `${value.toFixed(0)} ms`.padStart(9);
function row(name: string, times: number[]): void {
  const slow = sorted(times)[Math.floor(times.length * 0.95)] ?? 0;
  console.log(`${name.padEnd(46)}${ms(median(times))}${ms(slow)}`);
}

const times = { plain: [] as number[], product: [] as number[], added: [] as number[] };
const warmUp = 3;
for (let round = -warmUp; round < rounds; round += 1) {
  // Who is first in a turn changes.
  const works = [() => plain(plainBrowser), byProduct];
  if (round % 2 !== 0) works.reverse();
  const took: number[] = [];
  for (const work of works) {
    await sleep(restMs);
    took.push(await work());
  }
  if (round % 2 !== 0) took.reverse();
  const [alone = 0, product = 0] = took;
  if (round < 0) continue;
  times.plain.push(alone);
  times.product.push(product);
  times.added.push(product - alone);
}

console.log(`${''.padEnd(46)}${'median'.padStart(9)}${'95 %'.padStart(9)}`);
row('plain Playwright', times.plain);
row('the consent service', times.product);
row('what it adds, turn by turn', times.added);
const addedMs = median(times.product) - median(times.plain);
const share = Math.round((addedMs / median(times.plain)) * 100);
console.log(
  `\nmedian of ${rounds} turns: ${addedMs.toFixed(0)} ms or ${share} % more (goal: at most 15 % or 50 ms)`,
);

await Promise.all([chromium.dispose(), plainBrowser.close()]);
await playground.stop();

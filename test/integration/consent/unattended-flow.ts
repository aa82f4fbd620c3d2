import { afterAll, beforeAll } from 'vitest';
import { createChromiumBrowser } from '../../../electron/consent/browsers/chromium.ts';
import type { ConsentFlow, ConsentTimeouts } from '../../../electron/consent/consent-flow.ts';
import { type ConsentService, createConsentService } from '../../../electron/consent/consent-service.ts';
import { Secret } from '../../../shared/secret.ts';
import type { LoginServer } from './login-server.ts';

// Port 1 belongs to nobody on a test machine: whatever is sent there fails.
export const redirectUri = 'http://127.0.0.1:1/callback';
export const answer = `${redirectUri}?code=c0de&state=s`;
const browser = createChromiumBrowser({ headedPossible: () => false });
const never = new AbortController().signal;

// Its start is no part of what a flow with little time has.
beforeAll(async () => {
  const warm = await browser.open({
    ...{ purpose: 'sign-in', redirectUri, isRedirect: () => false, state: null },
    ...{ visible: false, worker: 'script', title: '', signal: never },
  });
  await warm.close();
});
afterAll(() => browser.dispose());

/** Works the login form. */
export const signIn = `
  await page.getByLabel('User name').fill(vars.user);
  await page.getByLabel('Password').fill(vars.password);
  await page.getByRole('button', { name: 'Sign in' }).click();`;

export function service(timeouts: Partial<ConsentTimeouts> = {}): ConsentService {
  return createConsentService({ browsers: [browser], now: Date.now, timeouts });
}

/** Alice's sign-in at a server by this script, with nobody there. */
export function flow(server: LoginServer, source: string, more: Partial<ConsentFlow> = {}): ConsentFlow {
  return {
    profileName: 'Orders API',
    redirectUri,
    script: { kind: 'script', source, fileName: 'orders-api.js' },
    vars: { user: 'alice', password: new Secret('pa55 w&rd') },
    session: null,
    attended: false,
    begin: async () => `${server.url}/authorize`,
    ...more,
  };
}

export const run = (given: ConsentFlow, timeouts?: Partial<ConsentTimeouts>) =>
  service(timeouts).run(given, never);

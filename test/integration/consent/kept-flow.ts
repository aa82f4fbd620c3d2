import { afterAll } from 'vitest';
import { createChromiumBrowser } from '../../../electron/consent/browsers/chromium.ts';
import type { ConsentBrowser } from '../../../electron/consent/browsers/consent-browser.ts';
import type { ConsentFlow, ConsentTimeouts } from '../../../electron/consent/consent-flow.ts';
import { createConsentService } from '../../../electron/consent/consent-service.ts';
import { Secret } from '../../../shared/secret.ts';
import { redirectUri, type SessionServer } from './session-server.ts';

export const browser = createChromiumBrowser({ headedPossible: () => false });
afterAll(() => browser.dispose());

/** Works the login page. */
export const signIn = `
  await page.getByLabel('User name').fill(vars.user);
  await page.getByLabel('Password').fill(vars.password);
  await page.getByRole('button', { name: 'Sign in' }).click();`;

/** What a test wants otherwise. */
export interface FlowGiven extends Partial<ConsentFlow> {
  source?: string;
  browsers?: ConsentBrowser[];
  timeouts?: Partial<ConsentTimeouts>;
  signal?: AbortSignal;
}

/** One flow of a session server, by script and unattended unless told otherwise, and what it logged. */
export function startFlow(server: SessionServer, given: FlowGiven = {}) {
  const { source = signIn, browsers = [browser], timeouts, signal, ...more } = given;
  const log: string[] = [];
  const service = createConsentService({ browsers, now: Date.now, ...(timeouts && { timeouts }) });
  const flow: ConsentFlow = {
    ...{ profileName: 'Orders', redirectUri, vars: { user: 'alice', password: new Secret('alice-pw') } },
    ...{ script: { kind: 'script' as const, source, fileName: 'orders.js' }, session: null, attended: false },
    begin: async () => `${server.url}/authorize`,
    onLog: (line) => log.push(line),
    ...more,
  };
  return { outcome: service.run(flow, signal ?? new AbortController().signal), log };
}

/** A kept cookie. */
export const cookie = {
  ...{ name: 'sid', value: 'x', domain: '127.0.0.1', path: '/', expires: -1 },
  ...{ httpOnly: true, secure: false, sameSite: 'Lax' },
};
/** A kept session as text. */
export const text = (more: object) => JSON.stringify({ version: 1, cookies: [], origins: [], ...more });

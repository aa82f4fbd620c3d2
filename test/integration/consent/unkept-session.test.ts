import { describe, expect, test } from 'vitest';
import type { ConsentBrowser } from '../../../electron/consent/browsers/consent-browser.ts';
import { AppError } from '../../../shared/errors.ts';
import { failureOf } from './failure-of.ts';
import { browser, cookie, signIn, startFlow, text } from './kept-flow.ts';
import { answer, keepInMemory, redirectUri, startSessionServer } from './session-server.ts';

describe('nothing is kept', () => {
  const kept = text({ cookies: [cookie] });

  test('of a flow that is cancelled', async () => {
    const server = await startSessionServer();
    const session = keepInMemory(kept);
    const cancel = new AbortController();
    const flow = startFlow(server, {
      session,
      signal: cancel.signal,
      source: 'await page.waitForTimeout(9000)',
      watcher: { begins: () => cancel.abort() },
    });
    expect((await failureOf(flow.outcome)).code).toBe('consent_cancelled');
    expect(session.texts).toEqual([]);
  });

  test('of a flow that is cancelled while its session is being read', async () => {
    const server = await startSessionServer();
    const session = keepInMemory(kept);
    const cancel = new AbortController();
    const open: ConsentBrowser['open'] = async (options) => {
      const opened = await browser.open(options);
      const cookies = async () => {
        const read = await opened.cookies();
        cancel.abort();
        return read;
      };
      return { ...opened, cookies };
    };
    const flow = startFlow(server, { session, signal: cancel.signal, browsers: [{ ...browser, open }] });
    expect((await failureOf(flow.outcome)).code).toBe('consent_cancelled');
    expect(flow.log).toEqual([]);
    expect(session.texts).toEqual([]);
  });

  test('of a flow whose script fails', async () => {
    const server = await startSessionServer({}, true);
    const session = keepInMemory(kept);
    const flow = startFlow(server, { session, source: `${signIn} throw new Error('enough')` });
    expect((await failureOf(flow.outcome)).code).toBe('script_failed');
    expect(session.texts).toEqual([]);
  });

  test.each(['?error=access_denied&state=s', '#error=access_denied', '?code=1#error=x'])(
    'of a flow that the server refuses with %s',
    async (end) => {
      const server = await startSessionServer({ '/login': () => ({ location: `${redirectUri}${end}` }) });
      const session = keepInMemory(kept);
      expect((await startFlow(server, { session }).outcome).url).toBe(`${redirectUri}${end}`);
      expect(session.texts).toEqual([]);
    },
  );

  test('and nothing fails where it cannot be written, but the log says so', async () => {
    const server = await startSessionServer();
    const session = {
      ...keepInMemory(),
      write: () => Promise.reject(new AppError('disk_full', 'The disk is full.')),
    };
    const { outcome, log } = startFlow(server, { session });
    expect((await outcome).url).toBe(answer);
    expect(log).toEqual(['The browser session could not be kept: The disk is full.']);
  });

  test('and nothing is begun where what was kept cannot be had', async () => {
    const server = await startSessionServer();
    const session = {
      ...keepInMemory(),
      read: () => Promise.reject(new AppError('vault_locked', 'It is locked.')),
    };
    expect((await failureOf(startFlow(server, { session }).outcome)).code).toBe('vault_locked');
    expect(server.visits).toEqual([]);
  });
});

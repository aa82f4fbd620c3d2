import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findElectron } from '../fixtures/electron-runtime.ts';
import { type RunningHost, startDesktopHost } from '../fixtures/hosts.ts';
import { htmlPage, type LoginPages } from '../fixtures/login-pages/code-server.ts';
import { type App, openOrders } from './app.ts';
import { setCodeServer } from './code-profile.ts';

describe.skipIf(findElectron().kind === 'missing')('what debugs the consent windows of Electron', () => {
  let host: RunningHost;
  let app: App;
  beforeAll(async () => {
    app = await openOrders(startDesktopHost);
    host = app.host;
  });
  afterAll(() => host?.close());

  const at = (pages: LoginPages, script: string | null): Promise<void> =>
    setCodeServer(app, pages, { script });

  /** Has something else debug the next window that a page of a flow opens. Gives whether it does by then. */
  async function debugSecond(): Promise<() => Promise<boolean | undefined>> {
    await host.electron?.evaluate(({ app: electron }) => {
      // The first of them is the flow's own, and what debugs it has another session.
      electron.once('web-contents-created', (_event, first) => {
        electron.on('web-contents-created', (_event, second) => {
          if (second.session !== first.session) return;
          second.debugger.attach();
          Object.assign(globalThis, { secondIsDebugged: true });
        });
      });
    });
    return async () => host.electron?.evaluate(() => Reflect.has(globalThis, 'secondIsDebugged'));
  }

  it('may end: the flow that it serves fails, and the next one has another', async () => {
    const visited: string[] = [];
    await at(({ path, flow, issue }) => {
      visited.push(path);
      if (path === '/back') return { location: issue() };
      return htmlPage('Shop', `<a href="/on">On</a><a href="/back?flow=${flow}">Back</a>`);
    }, "await page.getByText('On').click(); await page.waitForTimeout(9000);");
    await app.button('Get Access Token').click();
    await expect.poll(() => visited).toContain('/on');
    await host.electron?.evaluate(({ webContents, session }) => {
      const own = session.fromPartition('debugger');
      for (const each of webContents.getAllWebContents()) if (each.session === own) each.close();
    });
    // As after any failed script, somebody who is there may go on by hand.
    await app.untilState('Waiting for you');
    await app.button('Cancel').click();
    await app.untilFailure('consent_cancelled');
    await host.client('scripts.save', { profile: 'orders', source: "await page.getByText('Back').click();" });
    await app.button('Get Access Token').click();
    await app.untilState('Valid');
  });

  it('is not through with a window that somebody closes at once, which ends a recording as one that is closed later', async () => {
    await at(() => htmlPage('Shop', '<h1>Shop</h1>'), null);
    await host.electron?.evaluate(({ app: electron }) => {
      electron.once('browser-window-created', (_event, window) => setImmediate(() => window.close()));
    });
    await expect(host.client('scripts.record', { profile: 'orders' })).rejects.toMatchObject({
      code: 'consent_cancelled',
    });
  });

  it('is not what another debugs: that second window loads nothing, and the script goes on in the first', async () => {
    const visited: string[] = [];
    await at(({ path, flow, issue }) => {
      visited.push(path);
      if (path === '/back') return { location: issue() };
      const opens = `<button onclick="window.open('/more')">More</button>`;
      return htmlPage('Shop', `${opens}<a href="/back?flow=${flow}">Back</a>`);
    }, "await page.getByRole('button').click(); await page.getByText('Back').click();");
    const isDebugged = await debugSecond();
    await app.button('Get Access Token').click();
    await app.untilState('Valid');
    expect(await isDebugged()).toBe(true);
    expect(visited).toContain('/back');
    expect(visited).not.toContain('/more');
  });
});

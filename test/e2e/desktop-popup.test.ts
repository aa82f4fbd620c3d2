import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newProfile } from '../../shared/model/profile.ts';
import { findElectron } from '../fixtures/electron-runtime.ts';
import { type RunningHost, startDesktopHost } from '../fixtures/hosts.ts';
import { htmlPage, startCodeServer } from '../fixtures/login-pages/code-server.ts';
import { App } from './app.ts';

describe.skipIf(findElectron().kind === 'missing')('a second window that cannot be driven', () => {
  let host: RunningHost;
  let app: App;
  beforeAll(async () => {
    host = await startDesktopHost();
    app = new App(host);
    await app.answerVaultQuestion();
    await app.createProject('Orders');
    await app.createProfile('Orders');
  });
  afterAll(() => host?.close());

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

  it('loads nothing, and the script goes on in the first', async () => {
    const visited: string[] = [];
    const { url } = await startCodeServer(({ path, flow, issue }) => {
      visited.push(path);
      if (path === '/back') return { location: issue() };
      const opens = `<button onclick="window.open('/more')">More</button>`;
      return htmlPage('Shop', `${opens}<a href="/back?flow=${flow}">Back</a>`);
    });
    const base = newProfile('Orders');
    const urls = { authorizationUrl: `${url}/authorize`, tokenUrl: `${url}/token` };
    const profile = {
      ...base,
      grant: { kind: 'authorization_code' as const, redirectUri: 'http://127.0.0.1/callback' },
      server: { ...base.server, ...urls },
      client: { kind: 'none' as const, id: 'app' },
    };
    await host.client('profiles.save', { id: 'orders', profile });
    const source = "await page.getByRole('button').click(); await page.getByText('Back').click();";
    await host.client('scripts.save', { profile: 'orders', source });
    await app.untilState('No token');

    const isDebugged = await debugSecond();
    await app.button('Get Access Token').click();
    await app.untilState('Valid');
    expect(await isDebugged()).toBe(true);
    expect(visited).toContain('/back');
    expect(visited).not.toContain('/more');
  });
});

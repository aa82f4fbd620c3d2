import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hosts, type RunningHost } from '../fixtures/hosts.ts';
import { htmlPage, type LoginPages } from '../fixtures/login-pages/code-server.ts';
import { framed, framedUser } from '../fixtures/login-pages/framed.ts';
import { type App, openOrders } from './app.ts';
import { setCodeServer } from './code-profile.ts';

const form = `const form = page.frameLocator('iframe[title]').frameLocator('iframe');`;
const logIn = `await form.getByLabel('Remember').check();
await form.getByRole('button', { name: 'Log in' }).click();
`;

describe.each(hosts)('frames of a login page in $title', ({ kind, missing, start }) => {
  describe.skipIf(missing)('', () => {
    let host: RunningHost;
    let app: App;
    beforeAll(async () => {
      app = await openOrders(start);
      host = app.host;
    });
    afterAll(() => host?.close());

    const at = (pages: LoginPages, script: string | null, otherHost = true): Promise<void> =>
      setCodeServer(app, pages, { script, otherHost, user: framedUser });
    const get = () => app.button('Get Access Token').click();

    it('are filled, checked and clicked by a script, of another site within one of the same', async () => {
      await at(
        framed,
        `${form}
        await form.getByLabel('User').fill(vars.user);
        await form.locator('[name=password]').fill(vars.password);
        ${logIn}`,
      );
      await get();
      await app.untilState('Valid');
    });

    it('get real keys too', async () => {
      await at(
        framed,
        `${form}
        await form.getByLabel('User').pressSequentially(vars.user);
        await form.locator('[name=password]').click();
        await page.keyboard.type(vars.password);
        ${logIn}`,
      );
      await get();
      await app.untilState('Valid');
    });

    it('get nothing where the script may not type, though they have the focus', async () => {
      const heard: string[] = [];
      await at(
        ({ path, values, port }) => {
          if (path === '/heard') heard.push(values.get('text') ?? '');
          const tells = `<input oninput="fetch('/heard?text=' + this.value)">`;
          return path === '/taker'
            ? htmlPage('Taker', tells)
            : htmlPage('Login', `<iframe src="http://localhost:${port}/taker"></iframe>`);
        },
        `await page.frameLocator('iframe').locator('input').click();
        await page.keyboard.type(vars.password);`,
        false,
      );
      await get();
      await app.button("Don't allow").click();
      await app.untilFailure('script_host_not_allowed');
      expect(heard.join()).toBe('');
    });

    it('may be what a page waits for, though its script does nothing with them', async () => {
      await at(({ path, flow, port, issue }) => {
        if (path === '/back') return { location: issue() };
        if (path === '/silent') return htmlPage('', '<script>parent.postMessage("ready", "*")</script>');
        const goesOn = `<a href="/back?flow=${flow}" hidden>Go on</a><script>
          onmessage = () => { document.querySelector('a').hidden = false; };</script>`;
        return htmlPage('Login', `${goesOn}<iframe src="http://localhost:${port}/silent" hidden></iframe>`);
      }, "await page.getByText('Go on').click();");
      await get();
      await app.untilState('Valid');
    });

    it('come and go by the dozen', async () => {
      const adding = `let count = 0; setInterval(() => { count += 1; if (count > 40) return;
        const added = document.createElement('iframe');
        added.src = location.origin.replace(count % 2 ? '127.0.0.1' : 'localhost', 'localhost') + '/news?' + count;
        document.body.append(added); if (count > 5) document.querySelector('iframe:not([title])')?.remove(); }, 30);`;
      await at(
        (visit) => {
          const answer = framed(visit);
          if (visit.path !== '/login' || answer === null || !('html' in answer)) return answer;
          return { html: answer.html.replace('</body>', `<script>${adding}</script></body>`) };
        },
        `${form}
        await form.getByLabel('User').pressSequentially(vars.user, { delay: 100 });
        await form.locator('[name=password]').fill(vars.password);
        ${logIn}`,
      );
      await get();
      await app.untilState('Valid');
    });

    if (kind === 'web') return;

    it('are recorded, and the script gets a token', async () => {
      await at(framed, null);
      await app.tab('Automation');
      const page = await host.consentPage(() => app.button('Record').click());
      const shown = page.frameLocator('iframe[title]').frameLocator('iframe');
      await shown.getByLabel('User').click();
      await page.keyboard.type(framedUser.user);
      await shown.locator('[name=password]').click();
      await page.keyboard.type(framedUser.password);
      await shown.getByText('Remember').click();
      await shown.getByRole('button', { name: 'Log in' }).click();
      await app.page.getByRole('status', { name: 'Recorded script' }).waitFor();
      expect(await app.field('Automation script').textContent()).toContain(
        `.frameLocator('iframe').getByLabel('User').fill(vars.user);`,
      );
      await app.button('Save script').click();
      await app.page.getByText('The recorded script is saved.').waitFor();
      await app.button('Get Access Token').first().click();
      await app.untilState('Valid');
    });
  });
});

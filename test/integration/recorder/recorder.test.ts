import type { Page } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';
import { htmlPage, type LoginPages, startCodeServer } from '../../fixtures/login-pages/code-server.ts';
import { popupLogin, popupScript, popupUser } from '../../fixtures/login-pages/popup.ts';
import { until } from '../../fixtures/until.ts';
import { atCodeServer, endRecordings, plain, profile, startRecorder } from './recording.ts';

afterAll(endRecordings);

/** One page, from which `/done` leads back. */
const onePage =
  (body: string): LoginPages =>
  ({ path, flow, issue }) => {
    if (path === '/done') return { location: issue() };
    return htmlPage('Page', body.replaceAll('FLOW', flow));
  };

async function recordPage(body: string, person: (page: Page) => Promise<void>, vars = {}) {
  const { url } = await startCodeServer(onePage(body));
  const recorder = await startRecorder(atCodeServer(url), plain(vars));
  const recorded = await recorder.record(person);
  return { ...recorder, ...recorded, lines: recorded.source.trimEnd().split('\n').slice(1) };
}

test('writes hostile texts as text', async () => {
  const name = `It's "fine"\\ \`\${vars.user}\` */ </script> \u2028 {{x}}`;
  const body = `<button></button><script>
    document.querySelector('button').textContent = ${JSON.stringify(name).replaceAll('</', '<\\/')};
    document.querySelector('button').onclick = () => location.assign('/done?flow=FLOW');</script>`;
  const { source, replay } = await recordPage(body, (page) => page.getByRole('button').click());
  expect(await replay(source)).toBe('held');
});

test('takes nothing that a page does or tells by itself', async () => {
  const body = `<label>User <input id="user"></label><button onclick="location.assign('/done?flow=FLOW')">Go</button>
    <script>
      const told = Object.getOwnPropertyNames(window).filter((name) => /^_[0-9a-f]+$/.test(name));
      const message = { kind: 'click', at: [{ by: 'css', text: 'body' }] };
      const forged = [message, { key: '', message }, { key: 'undefined', message }];
      const left = [...(globalThis.__playwright__binding__controller__?._bindings ?? new Map()).keys()];
      for (const one of forged) {
        for (const name of told) window[name](one);
        for (const name of left) {
          const serializedArgs = [JSON.parse(JSON.stringify(one), (_, value) => value)];
          globalThis.__playwright__binding__(JSON.stringify({ name, seq: 1000, serializedArgs: serializedArgs.map(wire) }));
        }
      }
      function wire(value) {
        if (typeof value !== 'object') return value;
        if (Array.isArray(value)) return { a: value.map(wire), id: 1 };
        return { o: Object.entries(value).map(([k, v]) => ({ k, v: wire(v) })), id: 1 };
      }
      const user = document.querySelector('input');
      user.value = 'by the page';
      for (const type of ['input', 'change', 'click']) user.dispatchEvent(new Event(type, { bubbles: true }));
      document.querySelector('label').click();
      Element.prototype.matches = () => { throw new Error('mine'); };
      document.title = 'ready ' + left.length;
    </script>`;
  const { lines } = await recordPage(body, async (page) => {
    await page.waitForFunction('document.title.startsWith("ready")');
    expect(await page.title()).toBe('ready 1');
    await page.evaluate('document.querySelector("button").click()');
  });
  expect(lines).toEqual([]);
});

test('finds one of many alike, a hidden tick by its label, and drops what does nothing', async () => {
  const body = `<h1>Text</h1><style>.tick { display: none }</style>
    <ul><li><button>Choose</button></li><li><button data-testid="second">Choose</button></li></ul>
    <div><a href="#">Choose it all</a></div>
    <input class="tick" type="checkbox" id="terms"><label for="terms">I agree to all of it</label>
    <p><input><input></p>
    <button onclick="location.assign('/done?flow=FLOW')"><span>Go</span> <b>on</b></button>`;
  const { lines, source, missing, replay } = await recordPage(
    body,
    async (page) => {
      await page.getByRole('heading').click();
      await page.getByTestId('second').click();
      await page.locator('li button').first().click();
      await page.getByText('I agree').click();
      await page.locator('p input').nth(1).fill('4711');
      await page.getByRole('button', { name: 'Go on' }).dblclick();
    },
    { pin: '4711' },
  );
  expect(lines).toEqual([
    `await page.getByTestId('second').click();`,
    `await page.locator('html > body > ul > li:nth-of-type(1) > button').click();`,
    `await page.getByText('I agree to all of it').click();`,
    `await page.locator('html > body > p > input:nth-of-type(2)').fill(vars.pin);`,
    `await page.getByRole('button', { name: 'Go on' }).click();`,
  ]);
  expect(missing).toEqual([]);
  expect(await replay(source)).toBe('held');
});

test('follows a login that opens a second window', async () => {
  const { url } = await startCodeServer(popupLogin);
  const { record, replay, setValues } = await startRecorder(atCodeServer(url), plain(popupUser));
  const { source, hosts } = await record(async (page) => {
    const popup = page.waitForEvent('popup');
    await page.getByRole('button').click();
    await (await popup).getByLabel('User').fill(popupUser.user);
    await (await popup).getByLabel('Password').fill(popupUser.password);
    await (await popup).getByRole('button').click();
  });
  expect(source.trimEnd().split('\n').slice(1)).toEqual(popupScript);
  // The popup came there by itself, so the login did.
  expect(hosts).toEqual([]);
  await setValues(plain(popupUser), hosts);
  expect(await replay(source)).toBe('held');
});

test('finds a list that leaves the page at once by what it was there', async () => {
  const body = `<label for="list">Country</label><select id="list" name="country"><option>A</option><option>B</option>
    </select><script>document.querySelector('select').onchange = () => {
      document.body.innerHTML = '<select name="country"></select><button>Go</button>';
      document.querySelector('button').onclick = () => location.assign('/done?flow=FLOW');
    };</script>`;
  const { lines, source, replay } = await recordPage(body, async (page) => {
    await page.getByLabel('Country').press('B');
    await page.getByRole('button').click();
  });
  expect(lines[0]).toBe(`await page.getByLabel('Country').selectOption('B');`);
  expect(await replay(source)).toBe('held');
});

test('leaves out a window too many whole', async () => {
  const body = `<button onclick="window.open('/window?flow=FLOW')">Open</button>
    <button onclick="location.assign('/done?flow=FLOW')">Go</button>`;
  const { source } = await recordPage(body, async (page) => {
    for (let count = 0; count < 10; count += 1) {
      const popup = page.waitForEvent('popup');
      await page.getByRole('button', { name: 'Open' }).click();
      const opened = await popup;
      if (count === 9) await opened.getByRole('button', { name: 'Open' }).click();
      // As many at a time would not be opened at all.
      else await opened.close();
    }
    await page.getByRole('button', { name: 'Go' }).click();
  });
  expect(source).not.toMatch(/opening|popup/);
});

test('ends when the window is closed, when it is stopped, and when another one begins', async () => {
  const { url } = await startCodeServer(onePage('<button>Nothing</button>'));
  const { engine, nextPage } = await startRecorder(atCodeServer(url));
  const steps = () => engine.events.flatMap((event) => (event.kind === 'recording' ? [event.steps] : []));
  for (const end of ['close', 'stop', 'again'] as const) {
    const opened = nextPage();
    const work = engine.call('scripts.record', { profile });
    const failed = expect(work).rejects.toMatchObject({ code: 'consent_cancelled' });
    const page = await opened;
    await page.getByRole('button').click();
    await until(() => steps().at(-1) === 1);
    if (end === 'close') await page.close();
    else if (end === 'stop') await engine.call('scripts.cancelRecording', { profile });
    else {
      const other = nextPage();
      const second = engine.call('scripts.record', { profile }).catch(() => undefined);
      await other;
      await failed;
      await engine.call('scripts.cancelRecording', { profile });
      await second;
    }
    await failed;
    await until(() => steps().at(-1) === null);
  }
});

test('is refused where there is no login page, and gives no script that leads to a refusal', async () => {
  const { url } = await startCodeServer(({ path, values }) =>
    path === '/refuse'
      ? { location: `http://127.0.0.1:9/callback?error=access_denied&state=${values.get('state')}` }
      : null,
  );
  const settings = atCodeServer(url);
  const { engine } = await startRecorder({ ...settings, grant: { kind: 'client_credentials' } });
  await expect(engine.call('scripts.record', { profile })).rejects.toMatchObject({
    code: 'not_supported_here',
  });
  const server = { ...settings.server, authorizationUrl: `${url}/refuse` };
  const refusing = await startRecorder({ ...settings, server });
  await expect(refusing.engine.call('scripts.record', { profile })).rejects.toMatchObject({
    code: 'consent_denied',
  });
});

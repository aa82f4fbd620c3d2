import { afterAll } from 'vitest';
import { createChromiumBrowser } from '../../../electron/consent/browsers/chromium.ts';
import type { ConsentBrowser } from '../../../electron/consent/browsers/consent-browser.ts';
import { chromiumCandidates } from '../../../electron/consent/browsers/find-chromium.ts';
import type { ConsentFlow } from '../../../electron/consent/consent-flow.ts';
import { createConsentService } from '../../../electron/consent/consent-service.ts';
import { Secret } from '../../../shared/secret.ts';
import { type LoginServer, loginForm, type Pages } from './login-server.ts';

export const redirectUri = 'http://127.0.0.1:1/callback';
export const answer = `${redirectUri}?code=c0de&state=s`;
/** What stands in no text that is kept. */
export const [password, typed, csrf] = ['pa55-w0rd-marker', 'typed-marker', 'csrf-marker-0123'];

// Where no installed Chromium is, the bundled one stands in: it takes the same way, but draws no window.
export const chromium = createChromiumBrowser({
  headedPossible: () => true,
  candidates: () => chromiumCandidates().map((one) => ({ ...one, headedPossible: true })),
});
afterAll(() => chromium.dispose());

/** A login page that repeats what is secret in every place that a page has. */
export function pages(): Pages {
  return {
    '/authorize': () =>
      loginForm(
        '/login',
        `<input type="hidden" name="csrf" value="${csrf}"><iframe src="/frame?t=${csrf}"></iframe>
        <a href="/help?session=${csrf}">Help</a><p id="echo"></p>
        <template><p>${csrf}</p></template><!-- ${csrf} --><x-field value="${csrf}" data-token="${csrf}"></x-field>
        <a href="/help;jsessionid=${csrf}" ping="/seen?t=${csrf}">Again</a><a href="javascript:go('${csrf}')">Go</a>
        <svg><a xlink:href="/help?t=${csrf}"><text>Drawn</text></a></svg>
        <script>const hidden = '${csrf}'; console.warn('careful: ${password}');
        fetch('/data?key=${csrf}'); fetch('http://127.0.0.1:1/nobody?key=${csrf}').catch(() => 0);
        document.querySelector('[name=password]').oninput = (event) => { echo.textContent = event.target.value };</script>`,
      ),
    '/frame': () => '<title>Frame</title><p>in the frame</p>',
    '/login': ({ body }) => (body.includes('user=alice') ? { location: answer } : loginForm('/login')),
  };
}

/** Types, and then looks for a button that is not there. */
export const failing = `
  await page.getByLabel('User name').fill('${typed}');
  await page.getByLabel('Password').fill(vars.password);
  await page.getByRole('button', { name: 'Log on' }).click();`;

export function flow(server: LoginServer, source: string, more: Partial<ConsentFlow> = {}): ConsentFlow {
  return {
    ...{ profileName: 'Orders / API', redirectUri, session: null, attended: false },
    script: { kind: 'script' as const, source, fileName: 'orders-api.js' },
    vars: { user: 'alice', password: new Secret(password) },
    begin: async () => `${server.url}/authorize`,
    ...more,
  };
}

export function service(failureFolder: string, browsers: ConsentBrowser[] = [chromium]) {
  return createConsentService({
    ...{ browsers, now: Date.now, failureFolder },
    timeouts: { step: 1000, redirect: 1000 },
  });
}

export const never = new AbortController().signal;

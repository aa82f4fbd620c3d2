import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ConsentBrowser } from '../../../electron/consent/browsers/consent-browser.ts';
import { createConsentService } from '../../../electron/consent/consent-service.ts';
import type { AppError } from '../../../shared/errors.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import {
  chromium,
  csrf,
  failing,
  flow,
  never,
  pages,
  password,
  redirectUri,
  service,
  typed,
} from './failing-flow.ts';
import { failureOf } from './failure-of.ts';
import { startLoginServer } from './login-server.ts';

describe('an unattended run that fails', () => {
  test('leaves a folder with its steps, pictures, pages, console and network, and no value anywhere', async () => {
    const server = await startLoginServer(pages());
    const folder = join(await temporaryFolder(), 'failures');
    const error = await failureOf(service(folder).run(flow(server, failing), never));
    expect(error.code).toBe('script_step_failed');
    const bundle = String(error.details?.bundle);
    expect(bundle.startsWith(folder)).toBe(true);
    expect((await readdir(bundle)).sort()).toEqual([
      'page-1-frame-1.html',
      'page-1.html',
      'page-1.jpg',
      'report.json',
    ]);
    expect((await stat(bundle)).mode & 0o777).toBe(0o700);

    const text = (
      await Promise.all(
        (
          await readdir(bundle)
        )
          .filter((name) => !name.endsWith('.jpg'))
          .map((name) => readFile(join(bundle, name), 'utf8')),
      )
    ).join('\n');
    for (const value of [password, typed, csrf]) expect(text).not.toContain(value);
    expect(text).toContain('<label>User name');
    expect(text).toContain('in the frame');
    const report = JSON.parse(await readFile(join(bundle, 'report.json'), 'utf8'));
    expect(
      report.steps.map(({ line, failure }: { line: number; failure: string }) => [line, failure]),
    ).toEqual([
      [2, null],
      [3, null],
      [4, expect.stringContaining('nothing like it appeared')],
    ]);
    expect(report.console).toContain('warning: careful: [password]');
    const asked = report.network.map(({ url, status }: { url: string; status: number }) => [url, status]);
    expect(asked).toContainEqual([`${server.url}/data`, 404]);
    expect(asked).toContainEqual(['http://127.0.0.1:1/nobody', null]);
    // A picture of the page: a JPEG that is not empty.
    const picture = await readFile(join(bundle, 'page-1.jpg'));
    expect([picture.subarray(0, 2).toString('hex'), picture.length > 2000]).toEqual(['ffd8', true]);
  });

  test('leaves one when it comes to its end without the redirect, and when its time is over', async () => {
    const server = await startLoginServer(pages());
    const folder = await temporaryFolder();
    const noRedirect = await failureOf(service(folder).run(flow(server, 'await page.title()'), never));
    const slow = createConsentService({
      ...{ browsers: [chromium], now: Date.now, failureFolder: folder },
      timeouts: { unattended: 5000, step: 20_000 },
    });
    const late = await failureOf(slow.run(flow(server, 'await page.waitForTimeout(9000)'), never));
    expect([noRedirect.code, late.code]).toEqual(['consent_no_redirect', 'consent_timeout']);
    const bundles = [noRedirect, late].map(({ details }) => basename(String(details?.bundle)));
    expect((await readdir(folder)).sort()).toEqual(bundles.sort());
    expect(new Set(bundles).size).toBe(2);
  });

  test('leaves none when it was cancelled, and keeps the newest twenty', async () => {
    const server = await startLoginServer(pages());
    const folder = await temporaryFolder();
    const cancel = new AbortController();
    const watcher = { begins: () => cancel.abort() };
    const cancelled = service(folder).run(flow(server, failing, { watcher }), cancel.signal);
    expect((await failureOf(cancelled)).code).toBe('consent_cancelled');
    expect(await readdir(folder)).toEqual([]);
    const old = Array.from({ length: 21 }, (_, index) => `2001-01-01T00-00-${index + 10}-000Z-orders`);
    for (const name of old) await mkdir(join(folder, name));
    const { details } = await failureOf(service(folder).run(flow(server, 'throw new Error("no")'), never));
    expect((await readdir(folder)).sort()).toEqual([...old.slice(2), basename(String(details?.bundle))]);
  });

  test('tells each of two actions at a time its own end', async () => {
    const server = await startLoginServer(pages());
    const source = `await Promise.all([page.waitForURL('**/never'), page.title()]);`;
    const { details } = await failureOf(service(await temporaryFolder()).run(flow(server, source), never));
    const report = JSON.parse(await readFile(join(String(details?.bundle), 'report.json'), 'utf8'));
    const failures = report.steps.map(({ failure }: { failure: string | null }) => failure);
    expect(failures).toEqual([expect.any(String), null]);
  });

  test('says nothing of a cookie that a page repeats, neither while it runs nor afterwards', async () => {
    const cookie = 'cookie-marker-0123';
    const server = await startLoginServer({
      '/authorize': () => ({ html: `<button>Log ${cookie}</button>`, cookies: [`sid=${cookie}; Path=/`] }),
    });
    const reasons: (string | null)[] = [];
    const watcher = {
      ended: (_step: unknown, { reason }: { reason: string | null }) => void reasons.push(reason),
    };
    const source = `await expect(page.getByRole('button')).toHaveText('Log off');`;
    const run = service(await temporaryFolder()).run(flow(server, source, { watcher }), never);
    const { message, details } = await failureOf(run);
    const report = await readFile(join(String(details?.bundle), 'report.json'), 'utf8');
    expect(reasons).toEqual([expect.stringContaining('Log ')]);
    for (const text of [message, ...reasons, report]) expect(text).not.toContain(cookie);
  });

  test('covers in its picture what is typed in a frame', async () => {
    const field =
      '<textarea style="position:fixed;inset:0;width:100%;height:100%;background:#f00">x</textarea>';
    const frame =
      '<iframe src="/frame" style="position:fixed;inset:0;width:100%;height:100%;border:0"></iframe>';
    const server = await startLoginServer({ '/authorize': () => frame, '/frame': () => field });
    const source = `await page.frameLocator('iframe').getByRole('textbox').fill('${typed}'); throw new Error('no')`;
    const { details } = await failureOf(service(await temporaryFolder()).run(flow(server, source), never));
    const picture = await readFile(join(String(details?.bundle), 'page-1.jpg'), 'base64');
    const viewer = await chromium.open({
      ...{ purpose: 'sign-in', redirectUri, isRedirect: () => false, state: null },
      ...{ visible: false, worker: 'script', title: '', signal: never },
    });
    onTestFinished(() => viewer.close());
    const middle = await viewer.page?.evaluate(async (url) => {
      const image = new Image();
      image.src = url;
      await image.decode();
      const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
      canvas?.drawImage(image, 0, 0);
      return [...(canvas?.getImageData(image.width / 2, image.height / 2, 1, 1).data ?? [])];
    }, `data:image/jpeg;base64,${picture}`);
    // #c9ced8, within what a JPEG keeps of a colour.
    for (const [index, part] of [0xc9, 0xce, 0xd8].entries()) {
      expect(Math.abs((middle?.[index] ?? 0) - part)).toBeLessThan(8);
    }
  });

  test('that is cancelled while its failure is kept has been cancelled', async () => {
    const server = await startLoginServer(pages());
    const cancel = new AbortController();
    const stuck: ConsentBrowser = {
      ...chromium,
      open: async (options) => ({
        ...(await chromium.open(options)),
        localStorage: () => {
          cancel.abort();
          return new Promise(() => undefined);
        },
      }),
    };
    const told: AppError[] = [];
    const onHandOver = (error: AppError) => void told.push(error);
    const work = service(await temporaryFolder(), [stuck]).run(
      flow(server, 'throw new Error("no")', { onHandOver }),
      cancel.signal,
    );
    expect((await failureOf(work)).code).toBe('consent_cancelled');
    expect(told).toEqual([]);
  });

  test('fails with its own reason where nothing can be written', async () => {
    const server = await startLoginServer(pages());
    const error = await failureOf(service('/dev/null/failures').run(flow(server, failing), never));
    expect([error.code, error.details?.bundle]).toEqual(['script_step_failed', undefined]);
  });
});

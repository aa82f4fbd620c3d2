import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hosts, type RunningHost } from '../fixtures/hosts.ts';
import { type App, loginScript, openSample, signInByHand } from './app.ts';

describe.each(hosts)('consent in $title', ({ kind, missing, start }) => {
  describe.skipIf(missing)('', () => {
    let host: RunningHost;
    let app: App;
    beforeAll(async () => {
      app = await openSample(start);
      host = app.host;
    });
    afterAll(() => host?.close());
    beforeEach(async () => {
      await host.client('tokens.forget', { profile: 'orders-api' });
      await app.untilState('No token');
    });

    const script = (source: string | null) => host.client('scripts.save', { profile: 'orders-api', source });
    const getAccessToken = () => app.button('Get Access Token').click();

    describe('by hand', () => {
      beforeEach(() => script(null));

      it('waits for the person in a visible window, who signs in and allows', async () => {
        const page = await host.consentPage(getAccessToken);
        await app.untilState('Waiting for you');
        await signInByHand(page, 'bob', 'bob-pw');
        await page.getByRole('button', { name: 'Allow' }).click();
        await app.untilState('Valid');
        await app.page.getByRole('complementary', { name: 'Token' }).getByText('bob').waitFor();
      });

      it('lets the person mistype the password', async () => {
        const page = await host.consentPage(getAccessToken);
        await signInByHand(page, 'alice', 'wrong');
        await page.getByRole('alert').getByText('The user name or password is wrong.').waitFor();
        await signInByHand(page);
        await page.getByRole('button', { name: 'Allow' }).click();
        await app.untilState('Valid');
      });

      it("shows the server's own words when the person denies", async () => {
        const page = await host.consentPage(getAccessToken);
        await signInByHand(page);
        await page.getByRole('button', { name: 'Deny' }).click();
        expect(await app.untilFailure('consent_denied')).toContain('access_denied');
        await app.untilState('No token');
      });

      it('ends at once when the person cancels', async () => {
        await host.consentPage(getAccessToken);
        await app.button('Cancel').click();
        await app.untilFailure('consent_cancelled');
        await app.untilState('No token');
        await app.button('Get Access Token').waitFor();
      });

      // The web host's consent page is a tab of the person's own browser: nobody is told that it was closed.
      if (kind === 'desktop') {
        it('says so when the person closes the window', async () => {
          const page = await host.consentPage(getAccessToken);
          await host.closeWindow(page);
          await app.untilFailure('consent_window_closed');
        });
      }
    });

    describe('by script', () => {
      it('gets a token without a window, and shows what the script logged', async () => {
        await script(`log('signing in as', vars.user);\n${loginScript}`);
        await getAccessToken();
        await app.untilState('Valid');
        await app.page.getByText('The script logged a line').first().waitFor();
        await app.page.getByText('signing in as [user]').first().waitFor();
      });

      const wrong = loginScript.replace('vars.password', "'wrong'");

      if (kind === 'desktop') {
        it('hands the window over when the password is wrong, and finishing by hand gets the token', async () => {
          await script(wrong);
          await getAccessToken();
          await app.untilState('Waiting for you');
          const page = await host.handedOver();
          await signInByHand(page);
          await page.getByRole('button', { name: 'Allow' }).click();
          await app.untilState('Valid');
          await app.page.getByText('The script stopped, the window was handed over').first().waitFor();
        });
      } else {
        it('fails with the step and the page when the password is wrong', async () => {
          await script(wrong);
          await getAccessToken();
          const panel = await app.untilFailure('script_step_failed');
          expect(panel).toContain('Allow');
          expect(panel).toContain('Sign in');
          expect(panel).toContain('4');
          await app.untilState('No token');
        });
      }

      it("ends with the server's words when the script denies", async () => {
        await script(loginScript.replace("name: 'Allow'", "name: 'Deny'"));
        await getAccessToken();
        expect(await app.untilFailure('consent_denied')).toContain('access_denied');
      });

      it('names the line of a syntax error', async () => {
        await script('await page.url();\nconst = 1;\n');
        await getAccessToken();
        expect(await app.untilFailure('script_syntax')).toContain('2');
      });

      it('stops a loop without end, and the app goes on', async () => {
        await script('while (true) {}');
        await getAccessToken();
        if (kind === 'desktop') {
          await host.handedOver();
          await app.button('Cancel').click();
        } else {
          await app.untilFailure('script_limit');
        }
        await script(loginScript);
        await getAccessToken();
        await app.untilState('Valid');
      });
    });
  });
});

import { createServer, type Server } from 'node:http';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, it } from 'vitest';
import { type Playground, startPlayground } from '../../../electron/playground/playground.ts';
import { launchChromium } from '../../fixtures/chromium.ts';
import { authorizationUrl, newPkce } from '../../fixtures/playground-browserless.ts';
import { requestToken, tokensOf } from '../../fixtures/playground-tokens.ts';

let playground: Playground;
let browser: Browser;
let page: Page;
/** A client's web site; a browser takes `localhost` for another site than the playground's 127.0.0.1. */
let client: Server;
let clientUrl: string;

beforeAll(async () => {
  playground = await startPlayground({ settings: { keepsSessions: true } });
  client = createServer((_req, res) => res.setHeader('content-type', 'text/html').end('<h1>The client</h1>'));
  await new Promise<void>((resolve) => client.listen(0, '127.0.0.1', resolve));
  const address = client.address();
  clientUrl = `http://localhost:${typeof address === 'object' && address !== null ? address.port : 0}`;
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  client.close();
  client.closeAllConnections();
  await playground.stop();
});
beforeEach(async () => {
  page = await browser.newPage();
});
afterEach(() => page.close());

function heading(name: string): Promise<void> {
  return page.getByRole('heading', { name }).waitFor();
}

/** Goes through a flow up to the client's page, and resolves with the id token. */
async function signIn(username: string): Promise<string> {
  const { verifier, challenge: codeChallenge } = newPkce();
  const redirectUri = `${clientUrl}/callback`;
  await page.goto(authorizationUrl({ playgroundUrl: playground.url, redirectUri, codeChallenge }));
  await page.getByLabel('User name').fill(username);
  await page.getByLabel('Password').fill(`${username}-pw`);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Allow' }).click();
  await heading('The client');
  const tokens = await requestToken(playground.url, {
    grant_type: 'authorization_code',
    client_id: 'playground-app',
    redirect_uri: redirectUri,
    code: new URL(page.url()).searchParams.get('code') ?? '',
    code_verifier: verifier,
  });
  return (await tokensOf(tokens)).id_token ?? '';
}

async function startFlow(): Promise<void> {
  const { challenge: codeChallenge } = newPkce();
  await page.goto(authorizationUrl({ playgroundUrl: playground.url, codeChallenge }));
}

/** Sends a form from the client's page, as a script of it would. */
async function post(url: string, fields: Record<string, string>): Promise<void> {
  await page.evaluate(
    ([action, values]) => {
      const form = Object.assign(document.createElement('form'), { method: 'post', action });
      for (const [name, value] of Object.entries(values)) {
        form.append(Object.assign(document.createElement('input'), { name, value }));
      }
      document.body.append(form);
      form.submit();
    },
    [url, fields] as const,
  );
}

describe('in a real browser', () => {
  it('a kept session skips the login page until the button ends it', async () => {
    await signIn('bob');
    await startFlow();
    await heading('Allow access?');
    await page.getByText('Bob Reader').waitFor();
    await page.goto(`${playground.url}/logout`);
    await page.getByRole('button', { name: 'Stay signed in' }).click();
    await heading('You stay signed in');
    await startFlow();
    await heading('Allow access?');
    await page.goto(`${playground.url}/logout`);
    await page.getByText('You are signed in as Bob Reader').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await heading('You are signed out');
    await startFlow();
    await heading('Sign in');
  });

  it('a client signs out by link or by form, and gets the browser back with its state', async () => {
    for (const method of ['get', 'post']) {
      const fields = {
        id_token_hint: await signIn('alice'),
        post_logout_redirect_uri: `${clientUrl}/signed-out`,
        state: method,
      };
      if (method === 'post') await post(`${playground.url}/logout`, fields);
      else await page.goto(`${playground.url}/logout?${new URLSearchParams(fields)}`);
      await page.waitForURL(`${clientUrl}/signed-out?state=${method}`);
      await startFlow();
      await heading('Sign in');
    }
  });

  it('the question’s button leads back to the client as well', async () => {
    await signIn('alice');
    const fields = {
      client_id: 'playground-app',
      post_logout_redirect_uri: `${clientUrl}/signed-out`,
      state: 's',
    };
    await page.goto(`${playground.url}/logout?${new URLSearchParams(fields)}`);
    await page.getByText('Playground App asks to sign you out.').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(`${clientUrl}/signed-out?state=s`);
    await startFlow();
    await heading('Sign in');
  });

  it('a page from elsewhere signs nobody out by itself', async () => {
    await signIn('alice');
    await post(`${playground.url}/logout`, { decision: 'sign_out' });
    await heading('You are signed out');
    await startFlow();
    await heading('Allow access?');
  });
});

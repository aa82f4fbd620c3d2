import { newProfile } from '../../shared/model/profile.ts';
import { type LoginPages, startCodeServer } from '../fixtures/login-pages/code-server.ts';
import type { App } from './app.ts';

export interface CodeProfile {
  /** Null: none. */
  script: string | null;
  /** What its persona signs in with. */
  user?: Record<string, string>;
  redirectUri?: string;
  /** Whether its script may type at the server's other name, localhost. Default true. */
  otherHost?: boolean;
}

/** Gives the profile of `openOrders` a server with these pages, which ends with the test, and no token. */
export async function setCodeServer(app: App, pages: LoginPages, options: CodeProfile): Promise<void> {
  const { script, user = {}, redirectUri = 'http://127.0.0.1/callback', otherHost = true } = options;
  const { url } = await startCodeServer(pages);
  const { client } = app.host;
  const base = newProfile('Orders');
  const values = Object.entries(user).map(([name, value]) => ({ name, kind: 'plain' as const, value }));
  await client('profiles.save', {
    id: 'orders',
    profile: {
      ...base,
      grant: { kind: 'authorization_code', redirectUri },
      server: { ...base.server, authorizationUrl: `${url}/authorize`, tokenUrl: `${url}/token` },
      client: { kind: 'none', id: 'app' },
      personas: [{ name: 'tester', values }],
      scriptHosts: otherHost ? [`localhost:${new URL(url).port}`] : [],
    },
  });
  await client('scripts.save', { profile: 'orders', source: script });
  await client('tokens.forget', { profile: 'orders' });
  await app.untilState('No token');
}

import { randomUUID } from 'node:crypto';
import type { KeptSession } from '../../../electron/consent/kept-session.ts';
import { Secret } from '../../../shared/secret.ts';
import { type LoginServer, loginForm, type Pages, startLoginServer } from './login-server.ts';

// Port 1 belongs to nobody on a test machine: whatever is sent there fails.
export const redirectUri = 'http://127.0.0.1:1/callback';
export const answer = `${redirectUri}?code=c0de&state=s`;

export interface SessionServer extends LoginServer {
  /** The sessions that are signed in, each the value of a `sid` cookie. */
  sessions: Set<string>;
  /** How often somebody has typed a password. */
  signIns(): number;
}

const sidIn = (cookie: string): string => /(?:^|; )sid=([^;]*)/.exec(cookie)?.[1] ?? '';

/**
 * A server that keeps people signed in by a cookie, as real ones do: the login page only for those it does not know.
 * `consent`: it asks each time whether to allow. Its logout is what a test gives as `more['/end']`.
 */
export async function startSessionServer(more: Pages = {}, consent = false): Promise<SessionServer> {
  const sessions = new Set<string>();
  const onwards = () =>
    consent
      ? '<title>Allow</title><form method="post" action="/allow"><button>Allow</button></form>'
      : { location: answer };
  const server = await startLoginServer({
    '/authorize': ({ cookie }) => (sessions.has(sidIn(cookie)) ? onwards() : loginForm('/login')),
    '/login'() {
      const sid = randomUUID();
      sessions.add(sid);
      return { location: '/authorize', cookies: [`sid=${sid}; Path=/; HttpOnly; SameSite=Lax`] };
    },
    '/allow': () => ({ location: answer }),
    '/end-session'({ cookie }) {
      sessions.delete(sidIn(cookie));
      return { location: '/ended', cookies: ['sid=; Path=/; Max-Age=0'] };
    },
    '/ended': () => '<title>Logged out</title>You are logged out. <a href="/">Home</a>',
    ...more,
  });
  const signIns = () => server.visits.filter(({ path }) => path === '/login').length;
  return { ...server, sessions, signIns };
}

/** A kept session in memory, with all that was ever written to it. */
export function keepInMemory(text: string | null = null): KeptSession & { texts: string[] } {
  const texts: string[] = [];
  let held = text;
  return {
    texts,
    read: async () => (held === null ? null : new Secret(held)),
    async write(state) {
      held = state.reveal();
      texts.push(held);
    },
  };
}

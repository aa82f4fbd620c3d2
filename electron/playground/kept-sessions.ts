import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { MemoryStore } from './memory-store.ts';

/** A browser's session: somebody who is signed in there. */
export interface KeptSession {
  id: string;
  username: string;
}

/** The sessions that browsers keep from one flow to the next; none, as long as the settings keep none. */
export interface KeptSessions {
  /** The session of the browser that asks. */
  current(req: IncomingMessage): Promise<KeptSession | undefined>;
  isAlive(id: string): Promise<boolean>;
  /** Signs a user in at this browser, in place of whoever was; with the answer, which must not be sent yet. */
  keep(req: IncomingMessage, res: ServerResponse, username: string): Promise<void>;
  /** Signs out whoever is signed in at this browser. */
  end(req: IncomingMessage, res: ServerResponse): Promise<void>;
}

const lifetimeSeconds = 24 * 60 * 60;

/**
 * Keeps sessions in the store, apart from oidc-provider's own, which the store never keeps: that one belongs to a
 * browser and not to a flow, so that two flows in one browser would share their user.
 */
export function createKeptSessions(parts: {
  store: MemoryStore;
  port: number;
  enabled: () => boolean;
}): KeptSessions {
  const sessions = parts.store.adapter('KeptSession');
  // A browser gives its cookies to every port of a host.
  const cookie = `playground_session_${parts.port}`;

  function setCookie(res: ServerResponse, id: string, maxAgeSeconds: number): void {
    const value = `${cookie}=${id}; path=/; max-age=${maxAgeSeconds}; httponly; samesite=lax`;
    res.appendHeader('set-cookie', value);
  }

  function idOf(req: IncomingMessage): string {
    const pairs = (req.headers.cookie ?? '').split(/; */);
    return pairs.find((pair) => pair.startsWith(`${cookie}=`))?.slice(cookie.length + 1) ?? '';
  }

  async function find(id: string): Promise<KeptSession | undefined> {
    const username = parts.enabled() ? (await sessions.find(id))?.accountId : undefined;
    return username === undefined ? undefined : { id, username };
  }

  return {
    current: (req) => find(idOf(req)),
    isAlive: async (id) => (await find(id)) !== undefined,
    async keep(req, res, username) {
      if (!parts.enabled() || (await find(idOf(req)))?.username === username) return;
      await sessions.destroy(idOf(req));
      const id = randomBytes(32).toString('base64url');
      await sessions.upsert(id, { accountId: username }, lifetimeSeconds);
      setCookie(res, id, lifetimeSeconds);
    },
    async end(req, res) {
      const id = idOf(req);
      // No cookie came, and none is cleared: not for a form on a page from elsewhere, which sends none.
      if (id === '') return;
      await sessions.destroy(id);
      setCookie(res, '', 0);
    },
  };
}

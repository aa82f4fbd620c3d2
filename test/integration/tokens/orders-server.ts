import type { ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import type { TestEngine, TestEngineOptions } from '../../fixtures/engine.ts';
import { openServerProject, type ServerProfile, saveServerProfile } from '../../fixtures/server-project.ts';
import { type SeenRequest, sendJson, startWebServer, type WebServer } from '../../fixtures/web-server.ts';

export { profile } from '../../fixtures/server-project.ts';

type ProfileChanges = Partial<ServerProfile>;
type Answer = (request: SeenRequest, response: ServerResponse) => void;

/** An authorization server and API in one, each part of which a test may take over. */
export interface AttackServer extends WebServer {
  /** Tokens are numbered from 1 on. */
  serial: number;
  /** What a token answer has beside its tokens. */
  extra: Record<string, unknown>;
  refresh: Answer | null;
  revoke: Answer | null;
  api: Answer | null;
  giveToken(response: ServerResponse): void;
  count(path: string, grant?: string): number;
}

export async function startServer(): Promise<AttackServer> {
  const server = await startWebServer((request, response) => {
    const isRefresh = request.form.get('grant_type') === 'refresh_token';
    if (request.path === '/token') {
      if (isRefresh && own.refresh !== null) own.refresh(request, response);
      else own.giveToken(response);
    } else if (request.path === '/revoke') {
      if (own.revoke !== null) own.revoke(request, response);
      else response.writeHead(200).end();
    } else if (own.api !== null) own.api(request, response);
    else sendJson(response, { ok: true });
  });
  const own: AttackServer = Object.assign(server, {
    serial: 0,
    extra: { expires_in: 300 },
    refresh: null,
    revoke: null,
    api: null,
    giveToken(response: ServerResponse) {
      own.serial += 1;
      const [access_token, refresh_token] = [`access-${own.serial}`, `refresh-${own.serial}`];
      sendJson(response, { access_token, refresh_token, token_type: 'Bearer', ...own.extra });
    },
    count: (path: string, grant?: string) =>
      server.requests.filter(
        (each) => each.path === path && (grant === undefined || each.form.get('grant_type') === grant),
      ).length,
  });
  onTestFinished(() => server.close());
  return own;
}

export const values = (user: string) => [
  { name: 'user', kind: 'plain' as const, value: user },
  { name: 'password', kind: 'plain' as const, value: `${user}-pw` },
];
export const personas = [
  { name: 'alice', values: values('alice') },
  { name: 'bob', values: values('bob') },
];

const settings = (server: AttackServer, changes: ProfileChanges): ServerProfile => ({
  grant: { kind: 'password' },
  server: { tokenUrl: `${server.url}/token`, revocationUrl: `${server.url}/revoke` },
  client: { kind: 'none', id: 'app' },
  personas,
  ...changes,
});

export function saveProfile(
  engine: TestEngine,
  server: AttackServer,
  changes: ProfileChanges = {},
): Promise<void> {
  return saveServerProfile(engine, settings(server, changes));
}

/** An engine with a project of one profile on that server. */
export async function openProject(
  server: AttackServer,
  changes: ProfileChanges = {},
  options: Partial<TestEngineOptions> = {},
): Promise<TestEngine & { folder: string; project: string }> {
  const { engine, folder, project } = await openServerProject(settings(server, changes), options);
  return { ...engine, folder, project };
}

/** A promise that a test fulfils. */
export function gate(): { open: () => void; opened: Promise<void> } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

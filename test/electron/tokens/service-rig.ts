import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { z } from 'zod';
import type { TokenAnswer } from '../../../electron/oauth/token-answer.ts';
import { keyFileCipher } from '../../../electron/tokens/cipher.ts';
import type { TokenForSend } from '../../../electron/tokens/token-sends.ts';
import { createTokenService, type TokenService } from '../../../electron/tokens/token-service.ts';
import type { TokenSubject } from '../../../electron/tokens/token-subject.ts';
import type { TokenUpdates } from '../../../electron/tokens/token-updates.ts';
import { openVault, type Vault } from '../../../electron/tokens/vault.ts';
import { AppError, type ErrorCode } from '../../../shared/errors.ts';
import type { TokenEvent, TokenStatus } from '../../../shared/model/token.ts';
import { Secret } from '../../../shared/secret.ts';
import { defaultLifetimes } from '../../fixtures/lifetimes.ts';
import { testProfile } from '../../fixtures/oauth-profile.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import { startTokenServer, type TokenServer } from './token-server.ts';

const answerSchema = z.object({
  access_token: z.string(),
  token_type: z.string(),
  expires_in: z.number(),
  id_token: z.string().optional(),
  refresh_token: z.string().optional(),
  refresh_expires_in: z.number().optional(),
});

/** A clock that stands still until it is moved. */
export interface Clock {
  nowMs: number;
}

/** One engine process: its token service and what it has told. */
export interface Engine {
  service: TokenService;
  vault: Vault;
  events: TokenEvent[];
  statuses: TokenStatus[];
}

export interface Rig {
  server: TokenServer;
  clock: Clock;
  folder: string;
  /** `readsCodes`: somebody sees what is to be done on another device, and no screens. */
  person: { present: boolean; readsCodes: boolean };
  /** Ends the person's part of a consent: they work the screens, or close the window. `offered`: what each could ask of them. */
  consent: { waiting: number; offered: string[][]; work(): void; closeWindow(): void };
  subject(changes?: Partial<TokenSubject>): TokenSubject;
  /** Another process over the same vault. `watch` hears each status at the moment it is told. */
  engine(given?: { vault?: () => Vault; watch?: (status: TokenStatus) => void }): Promise<Engine>;
}

/** A rig and the engine in it that holds a token. */
export interface RigWithToken extends Rig, Engine {
  rig: Rig;
  /** Moves the clock to where the token has expired. */
  expire(): void;
}

/** What a send says of its request. */
export const sending = { requestName: 'GET /orders' };

/** A real token endpoint, a real vault in a temporary folder, and a clock. */
export async function startRig(): Promise<Rig> {
  const folder = await temporaryFolder();
  const server = await startTokenServer();
  onTestFinished(() => server.close());
  const clock: Clock = { nowMs: Date.UTC(2030, 0, 1) };
  const person = { present: false, readsCodes: false };
  const now = () => clock.nowMs;
  const atScreens = new Set<{ work: () => void; close: () => void }>();
  const offered: string[][] = [];

  const updates: TokenUpdates = {
    refresh: (_profile, token, { signal, onWire }) =>
      onWire(() => ask(server, { grant_type: 'refresh_token', refresh_token: token.reveal() }, now, signal)),
    async repeatGrant({ grant }, { signal, onWire }) {
      if (grant.kind !== 'refresh_token')
        return ask(server, { grant_type: 'client_credentials' }, now, signal);
      const { refreshToken } = grant;
      const form = { grant_type: 'refresh_token', refresh_token: refreshToken.reveal() };
      const answer = await onWire(() => ask(server, form, now, signal));
      return { ...answer, refreshToken: answer.refreshToken ?? refreshToken };
    },
    async consent(_subject, options, signal) {
      const { attended, onOpenUrl } = options;
      offered.push((['onHandOver', 'onQuestion', 'onAnswer'] as const).filter((name) => options[name]));
      if (attended) {
        onOpenUrl('http://127.0.0.1/authorize');
        await new Promise<void>((resolve, reject) => {
          const close = () => reject(new AppError('consent_window_closed', 'The consent window was closed.'));
          const one = { work: resolve, close };
          atScreens.add(one);
          signal.addEventListener('abort', () =>
            reject(new AppError('consent_cancelled', 'Consent was cancelled.')),
          );
        }).finally(() => atScreens.clear());
      }
      return ask(server, { grant_type: 'authorization_code' }, now, signal);
    },
    async revoke(_profile, { kind, token }) {
      const form = { grant_type: 'revocation', kind, token: token.reveal() };
      await ask(server, form, now, new AbortController().signal);
    },
    inspect: async () => [],
    introspect: async (_profile, { kind }) => ({ token: kind, active: true, claims: [] }),
    logout: async () => 'page',
  };

  return {
    server,
    clock,
    folder,
    person,
    consent: {
      get waiting() {
        return atScreens.size;
      },
      offered,
      work: () => {
        for (const one of atScreens) one.work();
      },
      closeWindow: () => {
        for (const one of atScreens) one.close();
      },
    },
    subject: (changes = {}) => ({
      key: { project: '/projects/orders', profile: 'orders', persona: 'default', environment: null },
      profile: testProfile({
        ...{ id: 'orders', server: { tokenUrl: server.url }, scope: 'read write' },
        client: { kind: 'none', id: 'app' },
      }),
      vars: {},
      surroundings: async () => ({}),
      refreshMode: 'automatic',
      lifetimes: defaultLifetimes,
      placedToken: 'access_token',
      session: 'fresh',
      consent: { consentBrowser: 'automatic', redirectPorts: [], afterConsent: { kind: 'standard' } },
      scriptHosts: [],
      hasScript: true,
      trusted: true,
      automation: 'script',
      ...changes,
    }),
    async engine(given = {}) {
      const opened = await openVault({
        folder,
        ciphers: [keyFileCipher(join(folder, 'vault.key'))],
        now: Date.now,
      });
      const engine: Omit<Engine, 'service'> = { vault: opened, events: [], statuses: [] };
      const vault = given.vault ?? (() => opened);
      const service = createTokenService({
        vault,
        lockFolder: () => (vault().protection === 'memory' ? null : join(folder, 'locks')),
        timeline: () => null,
        where: 'the test',
        subjectFor: async () => null,
        onProblem: () => undefined,
        now,
        updates,
        personPresent: (grant) => person.present || (person.readsCodes && grant === 'device_code'),
        onEvent: (event) => engine.events.push(event),
        onStatus: (status) => {
          given.watch?.(status);
          engine.statuses.push(status);
        },
      });
      onTestFinished(async () => {
        await service.dispose();
        await opened.close();
      });
      return { ...engine, service };
    },
  };
}

/** A rig with one engine that holds the token `access-1-marker`. */
export async function withToken(): Promise<RigWithToken> {
  const rig = await startRig();
  const engine = await rig.engine();
  await engine.service.get(rig.subject());
  const expire = () => {
    rig.clock.nowMs += 3_600_000;
  };
  return { ...rig, ...engine, rig, subject: rig.subject, expire };
}

/** The access token that a send got, in clear. */
export const tokenOf = (token: TokenForSend | null) => token?.accessToken.reveal();

/** The access token that a service reveals, in clear. */
export const revealed = (service: TokenService, subject: TokenSubject): Promise<string> =>
  service.reveal(subject, 'access_token', ({ accessToken }) => accessToken.reveal());

/** Waits until a condition holds. */
export function until(condition: () => boolean): Promise<void> {
  return vi.waitFor(
    () => {
      if (!condition()) throw new Error('Not yet.');
    },
    { timeout: 10_000, interval: 5 },
  );
}

async function ask(
  server: TokenServer,
  form: Record<string, string>,
  now: () => number,
  signal: AbortSignal,
): Promise<TokenAnswer> {
  const response = await fetch(server.url, { method: 'POST', body: new URLSearchParams(form), signal }).catch(
    (cause: unknown) => {
      const code: ErrorCode = signal.aborted ? 'cancelled' : 'server_unreachable';
      throw new AppError(code, `${server.url} did not answer.`, { cause });
    },
  );
  const body = await response.text();
  if (!response.ok) throw refusalOf(response.status, body);
  const answer = answerSchema.parse(JSON.parse(body));
  const expiry = (seconds: number | undefined) => (seconds === undefined ? null : now() + seconds * 1000);
  return {
    accessToken: new Secret(answer.access_token),
    tokenType: answer.token_type,
    refreshToken: answer.refresh_token === undefined ? null : new Secret(answer.refresh_token),
    idToken: answer.id_token === undefined ? null : new Secret(answer.id_token),
    scope: null,
    receivedAtMs: now(),
    accessExpiresAtMs: expiry(answer.expires_in),
    refreshExpiresAtMs: expiry(answer.refresh_expires_in),
    subject: null,
    clockAheadMs: server.clockAheadMs,
    redacted: { status: response.status, fields: [] },
    findings: [],
  };
}

function refusalOf(status: number, body: string): AppError {
  const { error, error_description } = body === '' ? {} : JSON.parse(body);
  const code: ErrorCode =
    error === 'invalid_client'
      ? 'invalid_client'
      : status >= 500 || status === 429
        ? 'token_server_failed'
        : 'token_request_refused';
  const server = {
    status,
    ...(error === undefined ? {} : { error }),
    ...(error_description === undefined ? {} : { errorDescription: error_description }),
  };
  return new AppError(code, `The token endpoint refused: ${error ?? status}.`, { server });
}

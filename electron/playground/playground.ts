import { AppError } from '../../shared/errors.ts';
import {
  type PlaygroundSettings,
  type PlaygroundStatus,
  playgroundSettingsSchema,
} from '../../shared/model/playground.ts';
import { createCallCounter } from './counters.ts';
import { createKeptSessions } from './kept-sessions.ts';
import { createMemoryStore } from './memory-store.ts';
import { createProvider, generateSigningKey } from './provider.ts';
import { users } from './residents.ts';
import { createRoutes } from './routes.ts';
import { startLoopbackServer } from './server.ts';

/** How to start a playground. */
export interface PlaygroundOptions {
  /** The port to take; a taken one falls back to any free one. 0, the default: any free one. */
  port?: number;
  /** Those left out have the defaults of the shared model. */
  settings?: Partial<PlaygroundSettings>;
  /** Called when settings or counters have changed, at most every 50 ms, always with the latest. */
  onChange?: (status: PlaygroundStatus) => void;
  /** The clock by which tokens die and answers are dated, in milliseconds; the system's by default. */
  now?: () => number;
}

/** The status of a playground that runs. */
export type RunningPlayground = Extract<PlaygroundStatus, { kind: 'running' }>;

/** A running playground: a local authorization server and a protected API. */
export interface Playground {
  /** Issuer and base of the API: `http://127.0.0.1:<port>`. */
  url: string;
  port: number;
  status(): RunningPlayground;
  /** Changes the settings from the next call on; tokens given out stay. Throws `playground_failed` for wrong ones. */
  configure(settings: PlaygroundSettings): void;
  /** Forgets every token, grant, kept session and sign-in under way: each is refused from then on. */
  revokeAll(): Promise<void>;
  /** Closes the server and all its sockets at once. May be called again. */
  stop(): Promise<void>;
}

function urlOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}

function checked(settings: Partial<PlaygroundSettings>): PlaygroundSettings {
  const parsed = playgroundSettingsSchema.safeParse(settings);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError(
    'playground_failed',
    `The playground's setting ${issue?.path.join('.') ?? ''} is not valid: ${issue?.message ?? ''}`,
    { action: 'Correct the setting and try again.', cause: parsed.error },
  );
}

/** Calls `tell` soon, once for all changes in between. */
function createAnnouncer(tell: () => void) {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  return {
    changed() {
      if (stopped) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        tell();
      }, 50);
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

function createQueue() {
  let last: Promise<unknown> = Promise.resolve();
  return <Result>(task: () => Promise<Result>): Promise<Result> => {
    const run = last.then(task, task);
    last = run;
    return run;
  };
}

/**
 * Starts a playground on 127.0.0.1. Nothing in it is kept when it stops, and two of them share nothing.
 * Throws `playground_failed` when no port can be had or a setting is wrong.
 */
export async function startPlayground(options: PlaygroundOptions = {}): Promise<Playground> {
  let settings = checked(options.settings ?? {});
  const now = options.now ?? Date.now;
  const dated = () => now() + settings.clockAheadSeconds * 1000;
  const store = createMemoryStore(now);
  const inTurn = createQueue();
  const announcer = createAnnouncer(() => options.onChange?.(status()));
  const counter = createCallCounter(announcer.changed);
  const signingKey = await generateSigningKey();
  const server = await startLoopbackServer(options.port ?? 0, dated, (port) => {
    const provider = createProvider(urlOf(port), {
      store,
      signingKey,
      settings: () => settings,
      reused: () => counter.count('reused'),
    });
    const sessions = createKeptSessions({ store, port, enabled: () => settings.keepsSessions });
    return createRoutes({ provider, sessions, counter, inTurn, failure: () => settings.failure });
  });
  const url = urlOf(server.port);

  function status(): RunningPlayground {
    return { kind: 'running', url, settings, counters: counter.read(), users: [...users] };
  }

  return {
    url,
    port: server.port,
    status,
    configure(changed) {
      settings = checked(changed);
      announcer.changed();
    },
    // After the token request under way, so that what it saves is forgotten as well.
    revokeAll: () => inTurn(async () => store.clear()),
    async stop() {
      announcer.stop();
      await server.stop();
    },
  };
}

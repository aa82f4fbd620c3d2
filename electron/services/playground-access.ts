import type { PlaygroundSettings, PlaygroundStatus } from '../../shared/model/playground.ts';
import { type Playground, startPlayground } from '../playground/playground.ts';
import type { Host } from './host.ts';
import type { SettingsService } from './settings.ts';

/** The engine's one playground, started when it is first needed. */
export interface PlaygroundAccess {
  status(): PlaygroundStatus;
  /** Starts it if it is not running; at the port of last time if that is free, so that what it issued keeps its issuer. */
  start(): Promise<Playground>;
  configure(settings: PlaygroundSettings): Promise<PlaygroundStatus>;
  revokeAll(): Promise<PlaygroundStatus>;
  dispose(): Promise<void>;
}

/** The playground's life inside an engine. */
export function createPlaygroundAccess(host: Host, settings: SettingsService): PlaygroundAccess {
  let starting: Promise<Playground> | undefined;
  let running: Playground | undefined;

  function rememberPort(port: number): void {
    try {
      settings.set('playgroundPort', port);
    } catch {
      // Only the next start asks for it: settings that cannot be written keep no playground from running.
    }
  }

  function start(): Promise<Playground> {
    starting ??= startPlayground({
      port: settings.get('playgroundPort'),
      now: host.now,
      onChange: (status) => host.emit({ kind: 'playground', status }),
    }).then(
      (playground) => {
        running = playground;
        rememberPort(playground.port);
        host.emit({ kind: 'playground', status: playground.status() });
        return playground;
      },
      (error: unknown) => {
        starting = undefined;
        throw error;
      },
    );
    return starting;
  }

  return {
    status: () => running?.status() ?? { kind: 'stopped' },
    start,
    async configure(change) {
      const playground = await start();
      playground.configure(change);
      return playground.status();
    },
    async revokeAll() {
      const playground = await start();
      await playground.revokeAll();
      return playground.status();
    },
    async dispose() {
      await (await starting?.catch(() => undefined))?.stop();
    },
  };
}

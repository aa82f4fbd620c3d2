import { createStore, type StoreApi } from 'zustand/vanilla';
import { AppError, type ErrorWire } from '../../../shared/errors.ts';
import type {
  PlaygroundFailure,
  PlaygroundSettings,
  PlaygroundStatus,
} from '../../../shared/model/playground.ts';
import { playgroundSettingsSchema } from '../../../shared/model/playground.ts';
import type { EngineStore } from '../../api/engine-store.ts';

/** What is done with the playground from this window. */
export interface PlaygroundStoreState {
  busy: boolean;
  failure: ErrorWire | null;
  start(): Promise<void>;
  configure(settings: PlaygroundSettings): Promise<void>;
  revokeAll(): Promise<void>;
}

/** Makes the store. */
export function createPlaygroundStore(engine: EngineStore): StoreApi<PlaygroundStoreState> {
  const { call, update } = engine.getState();
  return createStore<PlaygroundStoreState>()((set) => {
    async function ask(action: () => Promise<PlaygroundStatus>): Promise<void> {
      set({ busy: true, failure: null });
      try {
        const playground = await action();
        update((snapshot) => ({ ...snapshot, playground }));
      } catch (thrown) {
        set({ failure: AppError.from(thrown).toWire() });
      }
      set({ busy: false });
    }
    return {
      busy: false,
      failure: null,
      start: () => ask(() => call('playground.start', {})),
      configure: (settings) => ask(() => call('playground.configure', { settings })),
      revokeAll: () => ask(() => call('playground.revokeAll', {})),
    };
  });
}

/** The failure of a kind as it is first chosen. */
export function failureOf(kind: PlaygroundFailure['kind']): PlaygroundFailure {
  switch (kind) {
    case 'too_many_requests':
      return { kind, retryAfterSeconds: 2 };
    case 'slow':
      return { kind, delayMs: 3_000 };
    default:
      return { kind };
  }
}

/** What is wrong with a number of seconds that cannot be had. */
const secondsIssues = {
  accessLifetimeSeconds: 'A whole number of seconds, 1 to 86400',
  refreshLifetimeSeconds: 'A whole number of seconds, 1 to 31536000',
  clockAheadSeconds: 'A whole number of seconds, -86400 to 86400',
} as const;

/** A setting that is a number of seconds. */
export type SecondsSetting = keyof typeof secondsIssues;

/** The settings with one number of seconds as it was typed, or what is wrong with it. */
export function withSeconds(
  settings: PlaygroundSettings,
  key: SecondsSetting,
  text: string,
): { kind: 'valid'; settings: PlaygroundSettings } | { kind: 'invalid'; issue: string } {
  const seconds = text.trim() === '' ? Number.NaN : Number(text);
  const parsed = playgroundSettingsSchema.safeParse({ ...settings, [key]: seconds });
  return parsed.success
    ? { kind: 'valid', settings: parsed.data }
    : { kind: 'invalid', issue: secondsIssues[key] };
}

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

/** The settings with one lifetime as it was typed, or what is wrong with it. */
export function withLifetime(
  settings: PlaygroundSettings,
  key: 'accessLifetimeSeconds' | 'refreshLifetimeSeconds',
  text: string,
): { kind: 'valid'; settings: PlaygroundSettings } | { kind: 'invalid'; issue: string } {
  const parsed = playgroundSettingsSchema.safeParse({
    ...settings,
    [key]: text.trim() === '' ? Number.NaN : Number(text),
  });
  if (parsed.success) return { kind: 'valid', settings: parsed.data };
  return {
    kind: 'invalid',
    issue: `A whole number of seconds, at most ${key === 'accessLifetimeSeconds' ? '86400' : '31536000'}`,
  };
}

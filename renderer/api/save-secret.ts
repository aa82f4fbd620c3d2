import type { EngineStore } from './engine-store.ts';

/**
 * Stores a secret's value in the vault, empty forgets it, and tells the window what the vault holds by then. Throws what
 * the engine refuses it with, such as `vault_locked`.
 */
export async function saveSecret(engine: EngineStore, name: string, value: string): Promise<void> {
  const { call, readSecrets } = engine.getState();
  await call('secrets.save', { name, value });
  await readSecrets();
}

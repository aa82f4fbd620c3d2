import type { VaultStatus } from '../../shared/contract/calls.ts';
import { AppError } from '../../shared/errors.ts';
import { memoryVault, openVault, type Vault } from '../tokens/vault.ts';
import { describeDefect } from './defect.ts';
import type { Host, VaultPlan } from './host.ts';
import type { SettingsService } from './settings.ts';

/** A vault that failed to open is tried again at most so often: with a passphrase each try takes its time. */
const retryMs = 1_000;

/** The vault as the engine may reach it at this moment: open, waiting for the person's choice, or failed. */
export class VaultAccess {
  readonly #host: Host;
  readonly #settings: SettingsService;
  #retry: { atMs: number; done: Promise<void> } = { atMs: 0, done: Promise.resolve() };
  #problemsTold = 0;
  #state: { kind: 'open'; vault: Vault } | { kind: 'closed'; status: VaultStatus; error: AppError };

  private constructor(host: Host, settings: SettingsService) {
    this.#host = host;
    this.#settings = settings;
    const error = new AppError('vault_choice_needed', 'The vault is not open yet.');
    this.#state = { kind: 'closed', status: { kind: 'choice_needed', reason: '' }, error };
  }

  /** Opens the vault as the host plans it. A failure does not throw: the app goes on and shows it. */
  static async start(host: Host, settings: SettingsService): Promise<VaultAccess> {
    const access = new VaultAccess(host, settings);
    await access.#open();
    return access;
  }

  /**
   * The vault. While it is shut by a failure, each use first tries again to open it, since whatever kept it shut may be
   * mended by now, and else rejects with that failure. Throws `vault_choice_needed`.
   */
  vault(): Vault {
    if (this.#state.kind === 'closed' && this.#state.status.kind === 'choice_needed') throw this.#state.error;
    return {
      protection: this.#state.kind === 'open' ? this.#state.vault.protection : 'memory',
      read: (name) => this.#use((vault) => vault.read(name)),
      write: (name, value) => this.#use((vault) => vault.write(name, value)),
      delete: (name) => this.#use((vault) => vault.delete(name)),
      list: (prefix) => this.#use((vault) => vault.list(prefix)),
      problems: () => (this.#state.kind === 'open' ? this.#state.vault.problems() : []),
      close: () => this.close(),
    };
  }

  /** Whether the vault is open and outlives this process. */
  isKept(): boolean {
    return this.#state.kind === 'open' && this.#state.vault.protection !== 'memory';
  }

  /** Waits for what is still being written. */
  async close(): Promise<void> {
    if (this.#state.kind === 'open') await this.#state.vault.close();
  }

  status(): VaultStatus {
    if (this.#state.kind === 'closed') return this.#state.status;
    const { vault } = this.#state;
    return {
      kind: 'open',
      protection: vault.protection,
      problems: vault.problems().map((problem) => problem.toWire()),
    };
  }

  /** Takes the person's answer to what keeps the key, and opens the vault so. */
  async choose(choice: 'key_file' | 'memory'): Promise<VaultStatus> {
    if (this.#state.kind === 'open') return this.status();
    this.#settings.set('vaultChoice', choice);
    await this.#open();
    this.#host.emit({ kind: 'vault', status: this.status() });
    return this.status();
  }

  async #use<Result>(work: (vault: Vault) => Promise<Result>): Promise<Result> {
    if (this.#state.kind === 'closed') await this.#openAgain();
    if (this.#state.kind === 'closed') throw this.#state.error;
    const { vault } = this.#state;
    try {
      return await work(vault);
    } finally {
      // What is mended while it is in use is told at once, not only to the next window that asks.
      const found = vault.problems().length;
      if (found > this.#problemsTold) this.#host.emit({ kind: 'vault', status: this.status() });
      this.#problemsTold = found;
    }
  }

  #openAgain(): Promise<void> {
    if (performance.now() - this.#retry.atMs >= retryMs) {
      const done = this.#open().then(() => {
        if (this.#state.kind === 'open') this.#host.emit({ kind: 'vault', status: this.status() });
      });
      this.#retry = { atMs: performance.now(), done };
    }
    return this.#retry.done;
  }

  async #open(): Promise<void> {
    try {
      const plan = await this.#host.planVault(this.#settings.get('vaultChoice'));
      if (plan.kind === 'choice_needed') {
        const error = new AppError(
          'vault_choice_needed',
          `${plan.reason} Choose first how tokens are kept.`,
          {
            action: 'Choose between a key file and memory in the banner at the top of the window.',
          },
        );
        this.#state = { kind: 'closed', status: plan, error };
        return;
      }
      const vault = await this.#openPlanned(plan);
      this.#problemsTold = vault.problems().length;
      this.#state = { kind: 'open', vault };
    } catch (thrown) {
      const error = AppError.from(thrown);
      if (error.code === 'internal')
        console.error(`The vault could not be opened.\n${describeDefect(thrown)}`);
      this.#state = { kind: 'closed', status: { kind: 'failed', error: error.toWire() }, error };
    }
  }

  #openPlanned(plan: Exclude<VaultPlan, { kind: 'choice_needed' }>): Promise<Vault> | Vault {
    if (plan.kind === 'memory') return memoryVault();
    return openVault({ folder: this.#host.dataFolder, ciphers: plan.ciphers, now: this.#host.now });
  }
}

import type { VaultStatus } from '../../shared/contract/calls.ts';
import { AppError } from '../../shared/errors.ts';
import { memoryVault, openVault, type Vault } from '../tokens/vault.ts';
import { describeDefect } from './defect.ts';
import type { Host, VaultPlan } from './host.ts';
import type { SettingsService } from './settings.ts';

type Protection = Extract<VaultStatus, { kind: 'open' }>['protection'];

/** The vault as the engine may reach it at this moment: open, waiting for the person's choice, or failed. */
export class VaultAccess {
  readonly #host: Host;
  readonly #settings: SettingsService;
  #state:
    | { kind: 'open'; vault: Vault; protection: Protection }
    | { kind: 'closed'; status: VaultStatus; error: AppError };

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

  /** The open vault. Throws `vault_choice_needed`, or whatever kept it from opening. */
  vault(): Vault {
    if (this.#state.kind === 'open') return this.#state.vault;
    throw this.#state.error;
  }

  status(): VaultStatus {
    if (this.#state.kind === 'closed') return this.#state.status;
    const { vault, protection } = this.#state;
    return { kind: 'open', protection, problems: vault.problems().map((problem) => problem.toWire()) };
  }

  /** Takes the person's answer to what keeps the key, and opens the vault so. */
  async choose(choice: 'key_file' | 'memory'): Promise<VaultStatus> {
    if (this.#state.kind === 'open') return this.status();
    this.#settings.set('vaultChoice', choice);
    await this.#open();
    this.#host.emit({ kind: 'vault', status: this.status() });
    return this.status();
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
      this.#state = {
        kind: 'open',
        vault,
        protection: plan.kind === 'memory' ? 'memory' : plan.protection,
      };
    } catch (thrown) {
      const error = AppError.from(thrown);
      if (error.code === 'internal') console.error(`The vault could not be opened.\n${describeDefect(thrown)}`);
      this.#state = { kind: 'closed', status: { kind: 'failed', error: error.toWire() }, error };
    }
  }

  #openPlanned(plan: Exclude<VaultPlan, { kind: 'choice_needed' }>): Promise<Vault> | Vault {
    if (plan.kind === 'memory') return memoryVault();
    return openVault({ folder: this.#host.dataFolder, ciphers: plan.ciphers, now: this.#host.now });
  }
}

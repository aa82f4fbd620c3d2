import type { AppInfo } from '../../shared/contract/calls.ts';
import type { EngineEvent } from '../../shared/contract/events.ts';
import type { GrantKind } from '../../shared/model/grant.ts';
import type { StartSandboxThread } from '../consent/automation/sandbox-thread.ts';
import type { ConsentBrowser } from '../consent/browsers/consent-browser.ts';
import type { SystemProxy } from '../network/system-proxy.ts';
import type { KeyCipher } from '../tokens/cipher.ts';
import type { KeyValueFile } from './settings.ts';

/** What keeps the vault's key in this host, decided before the vault is opened. */
export type VaultPlan =
  | {
      kind: 'sealed';
      /** In order of preference. */
      ciphers: KeyCipher[];
    }
  | { kind: 'memory' }
  | { kind: 'choice_needed'; reason: string };

/** The person's answer when there is no keychain; null: not asked yet. */
export type VaultChoice = 'key_file' | 'memory' | null;

/** All that differs between desktop, web and cli: what a host gives to the engine. */
export interface Host {
  kind: AppInfo['host'];
  version: string;
  /** Where the vault, the settings and the locks are; one for all hosts of a user. */
  dataFolder: string;
  /** Where new projects go by default. */
  projectsFolder: string;
  settings: KeyValueFile;
  planVault(choice: VaultChoice): Promise<VaultPlan>;
  /** In order of preference. */
  consentBrowsers: ConsentBrowser[];
  /** Where automation scripts run, if not in a worker thread of Node. */
  startSandboxThread?: StartSandboxThread;
  /** How long an update waits for one of another process, in milliseconds; default 15 minutes: it may be consent. */
  tokenWaitMs?: number;
  /** Milliseconds since the epoch. */
  now(): number;
  /**
   * Whether somebody could work the consent screens here; for the device code grant, whether somebody could read the code
   * here that they enter elsewhere.
   */
  personPresent(grant?: GrantKind): boolean;
  /** A variable's value given from outside (command line, environment), before any environment file's. */
  override(name: string): string | undefined;
  /** What the system says of proxies, where the environment names none; left out: nobody can be asked. */
  systemProxy?: SystemProxy;
  /** The system's folder dialog; null where there is none. */
  chooseFolder: (() => Promise<string | null>) | null;
  /** Whether its windows are to be told of what other processes do to the same tokens. */
  followsOthers: boolean;
  /** Tells every open window. */
  emit(event: EngineEvent): void;
}

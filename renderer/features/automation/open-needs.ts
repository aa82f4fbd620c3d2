import type { SecretState } from '../../../shared/model/project.ts';
import { referencedVariable } from '../../../shared/model/variable.ts';
import type { ProfileForm } from '../auth-manager/index.ts';
import type { RecordOutcome } from './record-store.ts';

/** What a recorded script needs and does not have yet. */
export interface OpenNeeds {
  /** Values for which the persona has no row. */
  lacking: { name: string; secret: boolean }[];
  /** Names of rows without a value. */
  empty: string[];
  /** Hosts that scripts of the profile may not send values to. */
  hosts: string[];
}

/** What a recorded script finds: the personas on the screen, the hosts that are saved, what the vault has. */
export interface Surroundings extends Pick<ProfileForm, 'personas'> {
  scriptHosts: readonly string[];
  secrets: readonly SecretState[];
}

/** Looks what a recorded script still needs, as things stand at this moment. */
export function openNeeds(
  { persona, missing, hosts }: Extract<RecordOutcome, { kind: 'done' }>,
  { personas, scriptHosts, secrets }: Surroundings,
): OpenNeeds {
  const rows = personas.find(({ name }) => name === persona)?.values ?? [];
  const wanted = missing.filter(({ differs }) => !differs);
  const rowOf = (name: string) => rows.find((row) => row.name.trim() === name);
  const isEmpty = (name: string): boolean => {
    const row = rowOf(name);
    if (row === undefined) return false;
    const variable = row.kind === 'secret' ? referencedVariable(row.value) : undefined;
    if (variable === undefined) return row.value.trim() === '';
    return secrets.some((secret) => secret.name === variable && !secret.stored);
  };
  return {
    lacking: wanted.filter(({ name }) => rowOf(name) === undefined),
    empty: wanted.filter(({ name }) => isEmpty(name)).map(({ name }) => name),
    hosts: hosts.filter((host) => !scriptHosts.includes(host)),
  };
}

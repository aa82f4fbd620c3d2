import type { Profile } from '../../../../shared/model/profile.ts';
import type { Environment } from '../../../../shared/model/variable.ts';
import { deviceVar, fixedVars } from '../../../../shared/script-api/script-types.ts';

/** A name that a script finds in `vars`, and in words where it comes from. */
export interface ScriptVar {
  name: string;
  origin: string;
}

/** What a profile's script finds in `vars`: the values of its personas, those of the active environment, and three names. */
export function scriptVars(profile: Profile | undefined, environment: Environment | null): ScriptVar[] {
  const found = new Map<string, string>();
  const add = (name: string, origin: string) => {
    if (!found.has(name)) found.set(name, origin);
  };
  for (const persona of profile?.personas ?? []) {
    for (const value of persona.values) {
      add(value.name, `A value of the persona${value.kind === 'secret' ? ', from the vault' : ''}.`);
    }
  }
  if (profile?.grant.kind === 'device_code')
    add(deviceVar, 'The code to enter, as the server has just given it.');
  for (const name of fixedVars) add(name, `The name of the ${name} that the script runs for.`);
  for (const name of Object.keys(environment?.variables ?? {})) {
    add(name, `A variable of the environment ${environment?.name}.`);
  }
  for (const name of environment?.secrets ?? []) {
    add(name, `A secret variable of the environment ${environment?.name}.`);
  }
  return [...found].map(([name, origin]) => ({ name, origin }));
}

import { AppError } from '../../shared/errors.ts';
import type { SecretState } from '../../shared/model/project.ts';
import { networkSecrets, profileSecrets } from '../../shared/model/secret-references.ts';
import { playgroundVariable, referencedVariable } from '../../shared/model/variable.ts';
import { Secret } from '../../shared/secret.ts';
import type { VariableLookup } from '../requests/variables.ts';
import { entryName } from '../tokens/vault.ts';
import type { Host } from './host.ts';
import type { PlaygroundAccess } from './playground-access.ts';
import type { Scope } from './scope.ts';
import type { VaultAccess } from './vault-access.ts';
import type { Workspace } from './workspace.ts';

/** Variables and secrets of the open project in its active environment. */
export interface Variables {
  /** As names stood in one scope, whatever is opened or chosen since. */
  lookupIn(scope: Scope): VariableLookup;
  /** Every secret that the project names, and whether the vault holds a value for it. */
  listSecrets(): Promise<SecretState[]>;
  /** Stores a secret's value; an empty one forgets it. */
  saveSecret(name: string, value: Secret): Promise<void>;
}

export interface VariableParts {
  host: Host;
  workspace: Workspace;
  vault: VaultAccess;
  playground: PlaygroundAccess;
}

/** Names that stand where only a secret can, sorted: environments' lists, and what profiles and network refer to. */
function secretNames({ project }: Scope): Set<string> {
  const references = [
    ...project.profiles.flatMap(({ profile }) => profileSecrets(profile)),
    ...networkSecrets(project.network),
  ];
  const names = [
    ...project.environments.flatMap(({ environment }) => environment.secrets),
    ...references.map(referencedVariable).filter((name) => name !== undefined),
  ];
  return new Set(names.sort());
}

/** Where a variable's value comes from, in this order: outside, the engine itself, the environment, the vault. */
export function createVariables({ host, workspace, vault, playground }: VariableParts): Variables {
  const entry = ({ project, environmentId }: Scope, name: string) =>
    entryName('secret', [project.folder, environmentId, name]);

  async function valueIn(
    scope: Scope,
    secrets: ReadonlySet<string>,
    name: string,
  ): Promise<string | Secret | undefined> {
    const given = host.override(name);
    if (given !== undefined) return secrets.has(name) ? new Secret(given) : given;
    if (name === playgroundVariable) return (await playground.start()).url;
    const variables = scope.environment?.variables ?? {};
    // A name such as `constructor` is there in every object.
    if (Object.hasOwn(variables, name)) return variables[name];
    if (!secrets.has(name)) return undefined;
    const stored = await vault.vault().read(entry(scope, name));
    if (stored !== undefined) return new Secret(stored);
    throw new AppError('secret_missing', `The secret {{${name}}} has no value in the vault.`, {
      action:
        host.kind === 'cli'
          ? `Set the environment variable GRANTWRIGHT_VAR_${name}.`
          : 'Type it where it is used: the client secret of the profile, or the values of its script.',
      details: { variable: name },
    });
  }

  return {
    lookupIn(scope) {
      const secrets = secretNames(scope);
      return (name) => valueIn(scope, secrets, name);
    },
    async listSecrets() {
      const scope = workspace.scope();
      return Promise.all(
        [...secretNames(scope)].map(async (name) => ({
          name,
          stored:
            host.override(name) !== undefined || (await vault.vault().read(entry(scope, name))) !== undefined,
        })),
      );
    },
    async saveSecret(name, value) {
      const open = vault.vault();
      const scope = workspace.scope();
      await (value.reveal() === ''
        ? open.delete(entry(scope, name))
        : open.write(entry(scope, name), value.reveal()));
    },
  };
}

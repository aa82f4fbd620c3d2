import { AppError } from '../../shared/errors.ts';
import type { Network } from '../../shared/model/network.ts';
import type { Profile } from '../../shared/model/profile.ts';
import type { SecretState } from '../../shared/model/project.ts';
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
  /** As names stand at the moment of each look. */
  lookup: VariableLookup;
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

/** The names of the secrets that a profile refers to, wherever it does. */
function secretsOf(profile: Profile): string[] {
  const { client, grant, protection, personas } = profile;
  const { requestObject } = protection;
  const keys = [
    ...(client.kind === 'private_key_jwt' ? [client.key] : []),
    ...(grant.kind === 'jwt_bearer' && grant.assertion.kind === 'signed' ? [grant.assertion.key] : []),
    ...(requestObject.kind === 'signed' ? [requestObject.key] : []),
  ];
  const values = personas.flatMap((persona) => persona.values);
  return [
    ...('secret' in client ? [client.secret] : []),
    ...keys.flatMap(({ key, passphrase }) => [key, passphrase]),
    ...(grant.kind === 'refresh_token' ? [grant.refreshToken] : []),
    ...(grant.kind === 'token_exchange' ? [grant.subjectToken, grant.actorToken] : []),
    ...(grant.kind === 'jwt_bearer' && grant.assertion.kind === 'given' ? [grant.assertion.assertion] : []),
    ...values.filter((value) => value.kind === 'secret').map((value) => value.value),
  ];
}

/** Those of the project's way to its servers. */
function secretsOfNetwork({ proxy, clientCertificates }: Network): string[] {
  return [
    ...(proxy.kind === 'custom' ? [proxy.password] : []),
    ...clientCertificates.flatMap(({ certificate, key, passphrase }) => [certificate, key, passphrase]),
  ];
}

/** Names that stand where only a secret can stand: environments' lists, and what profiles and network refer to. */
function secretNames({ project }: Scope): string[] {
  const references = [
    ...project.profiles.flatMap(({ profile }) => secretsOf(profile)),
    ...secretsOfNetwork(project.network),
  ];
  const names = [
    ...project.environments.flatMap(({ environment }) => environment.secrets),
    ...references.map(referencedVariable).filter((name) => name !== undefined),
  ];
  return [...new Set(names)].sort();
}

/** Where a variable's value comes from, in this order: outside, the engine itself, the environment, the vault. */
export function createVariables({ host, workspace, vault, playground }: VariableParts): Variables {
  const entry = ({ project, environmentId }: Scope, name: string) =>
    entryName('secret', [project.folder, environmentId, name]);

  async function valueIn(scope: Scope, name: string): Promise<string | Secret | undefined> {
    const isSecret = secretNames(scope).includes(name);
    const given = host.override(name);
    if (given !== undefined) return isSecret ? new Secret(given) : given;
    if (name === playgroundVariable) return (await playground.start()).url;
    const variables = scope.environment?.variables ?? {};
    // A name such as `constructor` is there in every object.
    if (Object.hasOwn(variables, name)) return variables[name];
    if (!isSecret) return undefined;
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
    lookup: async (name) => valueIn(workspace.scope(), name),
    lookupIn: (scope) => (name) => valueIn(scope, name),
    async listSecrets() {
      const scope = workspace.scope();
      return Promise.all(
        secretNames(scope).map(async (name) => ({
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

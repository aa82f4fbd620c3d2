import { referencedVariable } from '../../../shared/model/variable.ts';
import { useSnapshot } from '../../api/use-engine.ts';

/** The variable that a secret's reference names, and whether the vault holds a value for it now. */
export function useSecretStored(reference: string): { name: string | undefined; stored: boolean } {
  const name = referencedVariable(reference);
  const stored = useSnapshot(({ tokens }) =>
    tokens.secrets.some((secret) => secret.name === name && secret.stored),
  );
  return { name, stored };
}

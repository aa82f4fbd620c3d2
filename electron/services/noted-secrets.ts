import { Secret } from '../../shared/secret.ts';
import type { VariableLookup } from '../requests/variables.ts';

/** A lookup that keeps every secret that it gives. */
export function notingSecrets(find: VariableLookup): { lookup: VariableLookup; noted: Set<Secret> } {
  const noted = new Set<Secret>();
  const lookup: VariableLookup = async (name) => {
    const value = await find(name);
    if (value instanceof Secret) noted.add(value);
    return value;
  };
  return { lookup, noted };
}

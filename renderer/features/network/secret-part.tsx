import { referencedVariable } from '../../../shared/model/variable.ts';
import { own } from '../../api/own.ts';
import { useSnapshot } from '../../api/use-engine.ts';
import { SecretField, type SecretFieldProps } from '../../ui/secret-field.tsx';
import type { SecretPlace } from './network-store.ts';
import { useNetwork } from './stores.ts';

interface SecretPartProps
  extends SecretPlace,
    Pick<SecretFieldProps, 'label' | 'hint' | 'error' | 'check' | 'lines' | 'file'> {}

/** A secret of the network: its value in the vault, its `{{variable}}` in the project. */
export function SecretPart({ reference, base, put, ...words }: SecretPartProps) {
  const { store, edit, forget } = useNetwork((state) => state);
  const name = referencedVariable(reference) ?? '';
  const held = useSnapshot(({ tokens }) => tokens.secrets.find((secret) => secret.name === name)?.stored);
  const chosen = useNetwork(({ stored }) => own(stored, name));
  return (
    <SecretField
      {...words}
      reference={reference}
      stored={held ?? chosen ?? false}
      onReference={(typed) => edit((now) => put(now, typed))}
      onForget={() => void forget(reference)}
      onStore={(value) => store({ reference, base, put }, value)}
    />
  );
}

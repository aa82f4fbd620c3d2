import { SecretField, type SecretFieldProps } from '../../ui/secret-field.tsx';
import { useNetwork } from './stores.ts';

interface SecretPartProps
  extends Pick<SecretFieldProps, 'label' | 'hint' | 'error' | 'check' | 'lines' | 'file'> {
  reference: string;
  /** What its variable is called, where it has none yet. */
  base: string;
  onChange: (reference: string) => void;
}

/** A secret of the network: its value in the vault, its `{{variable}}` in the project. */
export function SecretPart({ reference, base, onChange, ...words }: SecretPartProps) {
  const { store, forget, isStored } = useNetwork((state) => state);
  return (
    <SecretField
      {...words}
      reference={reference}
      stored={isStored(reference)}
      onReference={onChange}
      onForget={() => void forget(reference)}
      onStore={async (value) => {
        const stored = await store(reference, base, value);
        if (stored !== null) onChange(stored);
        return stored !== null;
      }}
    />
  );
}

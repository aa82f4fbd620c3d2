import { SecretField, type SecretFieldProps } from '../../../ui/secret-field.tsx';
import { type SecretSlot, slotOf } from '../form/secret-slots.ts';
import { useSecretStored } from '../secrets.ts';
import { type ProfileEditor, useManager, useSecretStore } from '../stores.ts';

interface SecretSlotFieldProps extends Pick<SecretFieldProps, 'label' | 'hint' | 'check' | 'lines' | 'file'> {
  id: string;
  editor: ProfileEditor;
  slot: SecretSlot;
}

/** A secret of a profile: its value in the vault, its `{{variable}}` in the profile. */
export function SecretSlotField({ id, editor, slot, ...words }: SecretSlotFieldProps) {
  const { storeSlot, forget } = useSecretStore((state) => state);
  const failure = useManager((state) => state.failures[`${id}:${slot}`]);
  const { read, write } = slotOf(slot);
  const reference = read(editor.form);
  const { name, stored } = useSecretStored(reference);
  return (
    <SecretField
      {...words}
      reference={reference}
      stored={stored}
      error={editor.issue(slot) ?? failure?.message}
      onReference={(next) => editor.set(write(editor.form, next))}
      onForget={() => void forget(id, slot, name ?? '')}
      onStore={(value) => storeSlot(id, slot, value)}
    />
  );
}

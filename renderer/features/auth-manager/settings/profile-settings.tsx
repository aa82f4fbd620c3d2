import { Form } from '../../../ui/section.tsx';
import { usesOf } from '../form/uses.ts';
import { useProfileEditor } from '../stores.ts';
import { AdvancedSection } from './advanced-section.tsx';
import { ClientSection } from './client-section.tsx';
import { ConnectionSection } from './connection-section.tsx';
import { ConsentSection } from './consent-section.tsx';
import { GrantSection, LoginSection } from './grant-section.tsx';
import { ParametersSection } from './parameters-section.tsx';
import { PlacementSection } from './placement-section.tsx';
import { ProtectionSection } from './protection-section.tsx';
import { ServerSection } from './server-section.tsx';

/** A profile's settings in short sections, each field saved when the person leaves it; those of its grant alone. */
export function ProfileSettings({ id }: { id: string }) {
  const editor = useProfileEditor(id);
  if (editor === undefined) return null;
  const uses = usesOf(editor.form);
  return (
    <Form label="Profile settings">
      <GrantSection id={id} editor={editor} />
      <ServerSection id={id} editor={editor} uses={uses} />
      <ClientSection id={id} editor={editor} uses={uses} />
      {editor.form.grantKind === 'password' && <LoginSection id={id} editor={editor} />}
      <ParametersSection editor={editor} uses={uses} />
      <PlacementSection editor={editor} uses={uses} />
      <ProtectionSection id={id} editor={editor} uses={uses} />
      {uses.screens && <ConsentSection editor={editor} uses={uses} />}
      <ConnectionSection editor={editor} />
      <AdvancedSection id={id} editor={editor} uses={uses} />
    </Form>
  );
}

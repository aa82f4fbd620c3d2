import { Form } from '../../ui/section.tsx';
import { AdvancedSection } from './advanced-section.tsx';
import { ClientSection } from './client-section.tsx';
import { ConsentSection } from './consent-section.tsx';
import { GrantSection, LoginSection } from './grant-section.tsx';
import { ServerSection } from './server-section.tsx';
import { useProfileEditor } from './stores.ts';

/** A profile's settings in short sections, each field saved when the person leaves it. */
export function ProfileSettings({ id }: { id: string }) {
  const editor = useProfileEditor(id);
  if (editor === undefined) return null;
  return (
    <Form label="Profile settings">
      <GrantSection editor={editor} />
      <ServerSection id={id} editor={editor} />
      <ClientSection id={id} editor={editor} />
      {editor.form.grantKind === 'password' && <LoginSection id={id} editor={editor} />}
      {editor.form.grantKind === 'authorization_code' && <ConsentSection editor={editor} />}
      <AdvancedSection id={id} editor={editor} />
    </Form>
  );
}

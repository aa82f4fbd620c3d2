import { Section } from '../../../ui/section.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { Toggle } from '../../../ui/toggle.tsx';
import type { ProfileEditor } from '../stores.ts';
import { bindText } from './bind-text.ts';
import styles from './lifetime-field.module.css';

/** How the app reaches the profile's servers. */
export function ConnectionSection({ editor }: { editor: ProfileEditor }) {
  const { verifyTls } = editor.form;
  return (
    <Section title="Connection" text="To this profile’s servers">
      <TextField
        label="Timeout"
        {...bindText(editor, 'timeoutSeconds')}
        hint="How long one token request may take."
        trailing={<span className={styles.unit}>seconds</span>}
      />
      <Toggle
        label="Verify TLS certificates"
        checked={verifyTls}
        text="Leave this on but for servers with a certificate of their own making."
        warning={
          verifyTls
            ? undefined
            : 'Anybody on the way can read and change what is sent, secrets and tokens too. For test servers only.'
        }
        onChange={(next) => editor.set({ verifyTls: next })}
      />
    </Section>
  );
}

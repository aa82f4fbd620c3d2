import { Button } from '../../../ui/button.tsx';
import { Section, Wide } from '../../../ui/section.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { Toggle } from '../../../ui/toggle.tsx';
import { useNetwork } from '../../network/index.ts';
import type { ProfileEditor } from '../stores.ts';
import { bindText } from './bind-text.ts';
import styles from './lifetime-field.module.css';
import settings from './settings.module.css';

/** Opens what is set for the whole project: proxy, certificates, HTTP/2. */
export function NetworkLink({ children }: { children: string }) {
  const show = useNetwork((state) => state.show);
  return (
    <Button kind="link" className={settings.link} onClick={show}>
      {children}
    </Button>
  );
}

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
      <Wide>
        <NetworkLink>Proxy, certificates and HTTP/2 of the project…</NetworkLink>
      </Wide>
    </Section>
  );
}

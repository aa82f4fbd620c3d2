import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Form, Section } from '../../ui/section.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { Toggle } from '../../ui/toggle.tsx';
import { ClientCertificatesSection, TrustedSection } from './certificates-section.tsx';
import styles from './network.module.css';
import type { NetworkForm } from './network-form.ts';
import { ProxySection } from './proxy-section.tsx';
import { useNetwork } from './stores.ts';

function ConnectionSection({ form }: { form: NetworkForm }) {
  const edit = useNetwork((state) => state.edit);
  const issues = useNetwork((state) => state.issues);
  return (
    <Section title="Connections" text="Of all requests">
      <TextField
        label="Time to connect, seconds"
        value={form.connectTimeout}
        onChange={(connectTimeout) => edit({ connectTimeout })}
        error={issues.connectTimeout}
        hint="Until server and proxy have answered."
      />
      <TextField
        label="Time for an API request, seconds"
        value={form.requestTimeout}
        onChange={(requestTimeout) => edit({ requestTimeout })}
        error={issues.requestTimeout}
        hint="For all of it. Token requests have the time of their profile."
      />
      <Toggle
        label="Offer HTTP/2"
        checked={form.http2}
        text="Servers that do not speak it get HTTP/1.1 in any case."
        onChange={(http2) => edit({ http2 })}
      />
    </Section>
  );
}

/** How the open project reaches its servers. */
export function NetworkDialog() {
  const { form, busy, failure, issues, save, close } = useNetwork((state) => state);
  if (form === null) return null;
  return (
    <Dialog
      open
      wide
      onClose={close}
      title="Network"
      description="How this project reaches its servers: for token calls, API requests and sign-in pages alike. It is kept in grantwright.json; passwords, keys and client certificates are kept in the vault."
    >
      <div className={styles.form}>
        <Form label="Network">
          <ProxySection form={form} />
          <TrustedSection form={form} />
          <ClientCertificatesSection form={form} />
          <ConnectionSection form={form} />
        </Form>
      </div>
      {failure !== null && <ErrorPanel error={failure} />}
      <div className={styles.actions}>
        {Object.keys(issues).length > 0 && (
          <p role="alert" className={styles.problem}>
            Some fields need a second look.
          </p>
        )}
        <Button onClick={close}>Cancel</Button>
        <Button kind="primary" disabled={busy} onClick={() => void save()}>
          Save
        </Button>
      </div>
    </Dialog>
  );
}

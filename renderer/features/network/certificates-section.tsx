import { useRef } from 'react';
import { certificateFileText, keyFileText } from '../../../shared/der.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import rowStyles from '../../ui/rows.module.css';
import { Section, Wide } from '../../ui/section.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { certificateProblem, keyTextProblem } from './certificate-text.ts';
import styles from './network.module.css';
import { type CertificateRow, type NetworkForm, withNewRow, withoutRow, withRow } from './network-form.ts';
import { SecretPart } from './secret-part.tsx';
import { useNetwork } from './stores.ts';

/** CAs that are trusted beside those of the system. */
export function TrustedSection({ form }: { form: NetworkForm }) {
  const { edit, addTrusted } = useNetwork((state) => state);
  const picker = useRef<HTMLInputElement>(null);
  const { trusted } = form;

  async function add(file: File | undefined): Promise<void> {
    if (file === undefined) return;
    await addTrusted(file.name, certificateFileText(new Uint8Array(await file.arrayBuffer())));
  }

  return (
    <Section title="Trusted CAs" text="Beside those of the system">
      <Wide>
        <ul className={styles.files} aria-label="Trusted certificates">
          {trusted.map((path) => (
            <li key={path} className={styles.file}>
              <code>{path}</code>
              <IconButton
                icon="close"
                label={`Do not trust ${path}`}
                onClick={() => edit((now) => ({ trusted: now.trusted.filter((other) => other !== path) }))}
              />
            </li>
          ))}
        </ul>
        <Button small className={rowStyles.add} onClick={() => picker.current?.click()}>
          <Icon name="plus" size={13} />
          Add certificate…
        </Button>
        <input
          ref={picker}
          hidden
          type="file"
          accept=".pem,.crt,.cer,.der"
          aria-label="File of a trusted certificate"
          onChange={(event) => {
            void add(event.currentTarget.files?.[0]);
            event.currentTarget.value = '';
          }}
        />
        <p className={styles.line}>
          For servers with a certificate of your company’s own CA. The file goes into the project; it is no
          secret.
        </p>
      </Wide>
    </Section>
  );
}

const file = { accept: '.p12,.pfx,.pem,.crt,.cer,.der', read: certificateFileText };
const keyFile = { accept: '.pem,.key,.der', read: keyFileText };

function Row({ row, index }: { row: CertificateRow; index: number }) {
  const edit = useNetwork((state) => state.edit);
  const issues = useNetwork((state) => state.issues);
  const part = (name: 'certificate' | 'key' | 'passphrase') => ({
    reference: row[name],
    put: (form: NetworkForm, reference: string) => withRow(form, row.id, { [name]: reference }),
  });
  const issue = (field: keyof CertificateRow) => issues[`certificates.${index}.${field}`];
  return (
    <fieldset
      className={rowStyles.boxed}
      aria-label={row.host === '' ? `Client certificate ${index + 1}` : row.host}
    >
      <div className={styles.head}>
        <TextField
          mono
          label="Host"
          value={row.host}
          onChange={(host) => edit((now) => withRow(now, row.id, { host }))}
          error={issue('host')}
          placeholder="api.example.com"
          hint="host, host:port, or *.example.com for all within."
        />
        <IconButton
          icon="close"
          label={`Remove ${row.host === '' ? `client certificate ${index + 1}` : row.host}`}
          onClick={() => edit((now) => withoutRow(now, row.id))}
        />
      </div>
      <SecretPart
        label="Certificate"
        {...part('certificate')}
        base="client_certificate"
        lines={3}
        file={file}
        check={certificateProblem}
        error={issue('certificate')}
        hint="A .p12 or .pfx file, or PEM, with its chain if it has one."
      />
      <div className={styles.pair}>
        <SecretPart
          label="Private key"
          {...part('key')}
          base="client_certificate_key"
          lines={3}
          file={keyFile}
          check={keyTextProblem}
          hint="Only where it is not in the certificate’s file."
        />
        <SecretPart
          label="Passphrase"
          {...part('passphrase')}
          base="client_certificate_pass"
          hint="Of the file or the key, if it has one."
        />
      </div>
    </fieldset>
  );
}

/** What servers are shown that ask who we are. */
export function ClientCertificatesSection({ form }: { form: NetworkForm }) {
  const edit = useNetwork((state) => state.edit);
  const { certificates } = form;
  return (
    <Section title="Client certificates" text="For servers that ask for one (mutual TLS)">
      <Wide>
        <div className={rowStyles.rows}>
          {certificates.map((row, index) => (
            <Row key={row.id} row={row} index={index} />
          ))}
          <Button small className={rowStyles.add} onClick={() => edit(withNewRow)}>
            <Icon name="plus" size={13} />
            Add client certificate
          </Button>
          {certificates.length === 0 && (
            <p className={styles.line}>
              Shown at sign-in pages, to token endpoints and to APIs of its host, and to no other.
            </p>
          )}
        </div>
      </Wide>
    </Section>
  );
}

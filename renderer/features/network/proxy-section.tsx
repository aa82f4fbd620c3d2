import { SegmentedControl } from '../../ui/choice.tsx';
import { Section, Wide } from '../../ui/section.tsx';
import { TextField } from '../../ui/text-field.tsx';
import styles from './network.module.css';
import type { NetworkForm } from './network-form.ts';
import { SecretPart } from './secret-part.tsx';
import { useNetwork } from './stores.ts';

const kinds = [
  { value: 'system', label: 'As the system', note: 'as your system, or HTTP_PROXY and HTTPS_PROXY, say' },
  { value: 'none', label: 'None', note: 'straight to every server' },
  { value: 'custom', label: 'This one', note: 'a proxy of this project' },
] as const;

const words = {
  system: 'The proxy of your system. HTTP_PROXY, HTTPS_PROXY and NO_PROXY go before it, as in CI.',
  none: 'Straight to every server, whatever your system says.',
  custom:
    'Token calls, API requests and sign-in pages go through it. What is on this machine does not; to send that too, add <-loopback> to “Not for”.',
} as const;

/** Whether and through which proxy servers are reached. */
export function ProxySection({ form }: { form: NetworkForm }) {
  const edit = useNetwork((state) => state.edit);
  const issues = useNetwork((state) => state.issues);
  return (
    <Section title="Proxy" text="On the way to every server">
      <Wide>
        <SegmentedControl
          label="Proxy"
          value={form.proxy}
          options={kinds}
          onChange={(proxy) => edit({ proxy })}
        />
        <p className={styles.line}>{words[form.proxy]}</p>
      </Wide>
      {form.proxy === 'custom' && (
        <>
          <TextField
            wide
            mono
            label="Address"
            value={form.url}
            onChange={(url) => edit({ url })}
            error={issues.url}
            placeholder="http://proxy.example.com:8080"
            hint="Kind, host and port: http://, https://, socks5:// or socks4://."
          />
          <TextField
            label="User name"
            value={form.user}
            onChange={(user) => edit({ user })}
            error={issues.user}
            hint="Empty: the proxy asks nobody who they are."
          />
          <SecretPart
            label="Password"
            reference={form.password}
            base="proxy_password"
            put={(_form, password) => ({ password })}
          />
          <TextField
            wide
            mono
            label="Not for"
            value={form.bypass}
            onChange={(bypass) => edit({ bypass })}
            error={issues.bypass}
            placeholder="intranet.example.com, *.test"
            hint="Hosts that are reached without it, separated by commas."
          />
        </>
      )}
    </Section>
  );
}

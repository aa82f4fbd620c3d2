import { type Network, networkSchema } from '../../../shared/model/network.ts';
import { referencedVariable } from '../../../shared/model/variable.ts';

/** A client certificate as its row has it; the secrets are `{{variables}}`. */
export interface CertificateRow {
  /** Tells the row from all others, those of another dialog too; no part of the network. */
  id: string;
  host: string;
  certificate: string;
  key: string;
  passphrase: string;
}

/** The project's network as the dialog has it: text as it was typed. */
export interface NetworkForm {
  proxy: Network['proxy']['kind'];
  url: string;
  user: string;
  password: string;
  /** Hosts, separated by commas or spaces. */
  bypass: string;
  trusted: readonly string[];
  certificates: readonly CertificateRow[];
  http2: boolean;
  connectTimeout: string;
  requestTimeout: string;
}

/** Fields with something wrong, by their place: `url`, `certificates.0.host`. */
export type NetworkIssues = Readonly<Record<string, string>>;

let rows = 0;
function newRowId(): string {
  rows += 1;
  return String(rows);
}

/** One more row, with nothing in it. */
export function withNewRow({ certificates }: NetworkForm): Pick<NetworkForm, 'certificates'> {
  const row = { id: newRowId(), host: '', certificate: '', key: '', passphrase: '' };
  return { certificates: [...certificates, row] };
}

/** A row changed, wherever it stands by now; nothing where it is gone. */
export function withRow(
  { certificates }: NetworkForm,
  id: string,
  patch: Partial<Omit<CertificateRow, 'id'>>,
): Pick<NetworkForm, 'certificates'> {
  return { certificates: certificates.map((row) => (row.id === id ? { ...row, ...patch } : row)) };
}

/** All rows but one. */
export function withoutRow({ certificates }: NetworkForm, id: string): Pick<NetworkForm, 'certificates'> {
  return { certificates: certificates.filter((row) => row.id !== id) };
}

/** What the dialog begins with. */
export function formOf(network: Network): NetworkForm {
  const { proxy } = network;
  const custom = proxy.kind === 'custom' ? proxy : { url: '', user: '', password: '', bypass: [] };
  return {
    proxy: proxy.kind,
    ...{ url: custom.url, user: custom.user, password: custom.password, bypass: custom.bypass.join(', ') },
    trusted: network.trustedCertificates,
    certificates: network.clientCertificates.map((certificate) => ({ id: newRowId(), ...certificate })),
    http2: network.http2,
    connectTimeout: String(network.connectTimeoutSeconds),
    requestTimeout: String(network.requestTimeoutSeconds),
  };
}

const proxyUrl = /^(?:https?|socks5h?|socks4a?|socks):\/\/[^\s/@?#]+\/?$/i;

/** A variable may stand for any part of it. */
function proxyProblem(url: string): string | undefined {
  const text = url.trim();
  if (text.includes('{{') || proxyUrl.test(text)) return undefined;
  if (text.includes('@')) return 'User name and password have fields of their own: leave them out here.';
  return 'Kind, host and port, such as http://proxy.example.com:8080 or socks5://127.0.0.1:1080.';
}

const seconds = (text: string): number => (/^\d{1,6}$/.test(text.trim()) ? Number(text) : Number.NaN);

/** Where in the form a place of the network stands. */
const fields: Readonly<Record<string, string>> = {
  connectTimeoutSeconds: 'connectTimeout',
  requestTimeoutSeconds: 'requestTimeout',
  'proxy.url': 'url',
  'proxy.user': 'user',
  'proxy.password': 'password',
  'proxy.bypass': 'bypass',
};

function fieldOf(path: readonly PropertyKey[]): string {
  const place = path.map(String);
  const [first = '', second = '', third = ''] = place;
  if (first === 'clientCertificates') return `certificates.${second}.${third}`;
  return fields[`${first}.${second}`] ?? fields[first] ?? first;
}

/** The network that a form says, or what is wrong with it. */
export function networkOf(
  form: NetworkForm,
): { kind: 'network'; network: Network } | { kind: 'issues'; issues: NetworkIssues } {
  const { proxy: kind, url, user, password, bypass } = form;
  const hosts = bypass.split(/[\s,]+/).filter((host) => host !== '');
  const read = networkSchema.safeParse({
    proxy: kind === 'custom' ? { kind, url: url.trim(), user, password, bypass: hosts } : { kind },
    trustedCertificates: form.trusted,
    clientCertificates: form.certificates.map(({ id: _id, ...row }) => ({ ...row, host: row.host.trim() })),
    http2: form.http2,
    connectTimeoutSeconds: seconds(form.connectTimeout),
    requestTimeoutSeconds: seconds(form.requestTimeout),
  });
  const issues: Record<string, string> = {};
  if (!read.success) {
    for (const { path, message, code } of read.error.issues) {
      issues[fieldOf(path)] ??= code === 'invalid_type' ? 'a whole number' : message;
    }
  }
  const problem = kind === 'custom' ? proxyProblem(url) : undefined;
  if (problem !== undefined) issues.url = problem;
  for (const [index, row] of form.certificates.entries()) {
    if (row.certificate === '')
      issues[`certificates.${index}.certificate`] ??= 'Choose or paste the certificate.';
    if (row.host.trim() === '')
      issues[`certificates.${index}.host`] = 'Enter the host, such as api.example.com.';
    if (row.host.includes('/'))
      issues[`certificates.${index}.host`] = 'Only the host, without https:// and a path.';
  }
  return read.success && Object.keys(issues).length === 0
    ? { kind: 'network', network: read.data }
    : { kind: 'issues', issues };
}

/** Names of variables in use in a form, without their braces. */
export function namesIn({ password, certificates }: NetworkForm): string[] {
  const references = [
    password,
    ...certificates.flatMap(({ certificate, key, passphrase }) => [certificate, key, passphrase]),
  ];
  return references.map(referencedVariable).filter((name) => name !== undefined);
}

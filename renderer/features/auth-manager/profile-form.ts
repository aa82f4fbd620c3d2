import type { z } from 'zod';
import {
  type ClientAuthenticationKind,
  type GrantKind,
  newProfile,
  type Persona,
  type Profile,
  profileSchema,
  type RefreshMode,
} from '../../../shared/model/profile.ts';
import { variableNameSchema } from '../../../shared/model/variable.ts';
import type { Built } from '../../api/draft-store.ts';

/** One value for the script, as a row of the form; the value of a secret is its `{{variable}}`. */
export interface ValueRow {
  name: string;
  kind: 'plain' | 'secret';
  value: string;
}

/** A profile as the form holds it: flat, and complete whatever the grant, so that nothing typed is lost on a switch. */
export interface ProfileForm {
  name: string;
  grantKind: GrantKind;
  redirectUri: string;
  issuer: string;
  authorizationUrl: string;
  tokenUrl: string;
  clientKind: ClientAuthenticationKind;
  clientId: string;
  clientSecret: string;
  scope: string;
  refreshMode: RefreshMode;
  /** Values of the first persona. */
  values: ValueRow[];
}

const fresh = newProfile('new').grant;
const defaultRedirectUri = fresh.kind === 'authorization_code' ? fresh.redirectUri : '';

/** The form of a saved profile. */
export function formOf(profile: Profile): ProfileForm {
  const { grant, server, client } = profile;
  return {
    name: profile.name,
    grantKind: grant.kind,
    redirectUri: grant.kind === 'authorization_code' ? grant.redirectUri : defaultRedirectUri,
    ...server,
    clientKind: client.kind,
    clientId: client.id,
    clientSecret: client.kind === 'none' ? '' : client.secret,
    scope: profile.scope,
    refreshMode: profile.refreshMode,
    values: profile.personas[0]?.values ?? [],
  };
}

function personasOf(form: ProfileForm, saved: Profile): Persona[] {
  const values = form.values
    .filter((row) => row.name.trim() !== '')
    .map((row) => ({ ...row, name: row.name.trim() }));
  const [first, ...others] = saved.personas;
  return [{ name: first?.name ?? 'default', values }, ...others];
}

/** Where the form shows a problem that the schema found at a path of the profile. */
function fieldAt(path: readonly PropertyKey[]): string {
  const [section, key] = path;
  if (section === 'grant') return 'redirectUri';
  if (section === 'client') return key === 'id' ? 'clientId' : 'clientSecret';
  if (section === 'server') return String(key);
  return section === 'personas' ? 'values' : String(section);
}

/** What is wrong with the rows of values, or undefined. An empty row is not there yet. */
function valuesIssue(rows: readonly ValueRow[]): string | undefined {
  const names = new Set<string>();
  for (const { name: given, value } of rows) {
    const name = given.trim();
    if (name === '' && value === '') continue;
    if (name === '') return 'A value needs a name.';
    if (!variableNameSchema.safeParse(name).success) {
      return `The name “${name}” must be a letter or underscore, then letters, digits, . _ or -.`;
    }
    if (names.has(name)) return `The name “${name}” stands there twice.`;
    names.add(name);
  }
  return undefined;
}

function issuesOf(error: z.ZodError | undefined, form: ProfileForm): Record<string, string> {
  const issues = Object.fromEntries(
    (error?.issues ?? []).map((issue) => [fieldAt(issue.path), issue.message]),
  );
  const values = valuesIssue(form.values);
  return values === undefined ? issues : { ...issues, values };
}

/** The profile that a form comes to, or what is wrong by field. What the form does not show is kept as it was. */
export function profileOf(form: ProfileForm, saved: Profile): Built<Profile> {
  const { clientKind, clientId: id, clientSecret: secret, grantKind, redirectUri } = form;
  const parsed = profileSchema.safeParse({
    ...saved,
    name: form.name,
    grant: grantKind === 'authorization_code' ? { kind: grantKind, redirectUri } : { kind: grantKind },
    server: { issuer: form.issuer, authorizationUrl: form.authorizationUrl, tokenUrl: form.tokenUrl },
    client: clientKind === 'none' ? { kind: clientKind, id } : { kind: clientKind, id, secret },
    scope: form.scope,
    refreshMode: form.refreshMode,
    personas: personasOf(form, saved),
  });
  const issues = issuesOf(parsed.error, form);
  if (!parsed.success || Object.keys(issues).length > 0) return { kind: 'invalid', issues };
  return { kind: 'valid', value: parsed.data };
}

/** A word of advice under a field that should hold a URL; it stops nothing, for the text may still be unfinished. */
export function urlHint(text: string): string | undefined {
  if (text.trim() === '' || text.includes('{{') || URL.canParse(text.trim())) return undefined;
  return 'Not a full URL yet: it begins with https:// or http://';
}

/** The variable that stands for a profile's client secret, at most 64 characters. */
export function clientSecretVariable(profileId: string): string {
  return `${variablePrefix(profileId, 49)}_client_secret`;
}

/** The variable that stands for a secret value of a profile's script; the dot keeps it apart from all others. */
export function valueVariable(profileId: string, name: string): string {
  return `${variablePrefix(profileId, 30)}.${name.slice(0, 32)}`;
}

/** The id as a variable may be named. A long id is cut, with a checksum so that two of them stay apart. */
function variablePrefix(profileId: string, longest: number): string {
  const name = profileId.replaceAll('-', '_').replace(/^(?=\d)/, '_');
  if (name.length <= longest) return name;
  let checksum = 0;
  for (const letter of name) checksum = (checksum * 31 + letter.charCodeAt(0)) % 2_176_782_336;
  return `${name.slice(0, longest - 7)}_${checksum.toString(36)}`;
}

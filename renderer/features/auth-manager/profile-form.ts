import type { ClientAuthenticationKind } from '../../../shared/model/client.ts';
import type { Grant, GrantKind } from '../../../shared/model/grant.ts';
import {
  type AfterConsent,
  type AutomationKind,
  type ConsentBrowserChoice,
  type ConsentSessionKind,
  type Lifetime,
  newProfile,
  type Persona,
  type Profile,
  profileSchema,
  type RefreshMode,
  type RenewAhead,
} from '../../../shared/model/profile.ts';
import type { Built } from '../../api/draft-store.ts';
import type { PersonaForm } from './persona-form.ts';
import { issuesOf } from './profile-issues.ts';

export type LifetimeUnit = Extract<Lifetime, { kind: 'custom' }>['unit'];

/** A lifetime as the form holds it: a number typed stays when the server's word is chosen again. */
export interface LifetimeForm {
  kind: Lifetime['kind'];
  value: string;
  unit: LifetimeUnit;
}

/** What is shown after a sign-in, as the form holds it: what was typed stays when another kind is chosen. */
export interface AfterConsentForm {
  kind: AfterConsent['kind'];
  text: string;
  url: string;
}

/** A profile as the form holds it: flat, and complete whatever the grant, so that nothing typed is lost on a switch. */
export interface ProfileForm {
  name: string;
  grantKind: GrantKind;
  redirectUri: string;
  userValue: string;
  passwordValue: string;
  issuer: string;
  authorizationUrl: string;
  tokenUrl: string;
  revocationUrl: string;
  introspectionUrl: string;
  endSessionUrl: string;
  postLogoutRedirectUri: string;
  clientKind: ClientAuthenticationKind;
  clientId: string;
  clientSecret: string;
  scope: string;
  refreshMode: RefreshMode;
  accessLifetime: LifetimeForm;
  refreshLifetime: LifetimeForm;
  marginSeconds: string;
  renewAhead: { kind: RenewAhead['kind']; seconds: string };
  session: ConsentSessionKind;
  consentBrowser: ConsentBrowserChoice;
  /** Separated by commas or blanks. */
  redirectPorts: string;
  afterConsent: AfterConsentForm;
  automation: AutomationKind;
  /** Separated by spaces or commas. */
  scriptHosts: string;
  personas: PersonaForm[];
}

/** The keys of the form's texts of one line. */
export type TextKey = {
  [Key in keyof ProfileForm]: string extends ProfileForm[Key] ? Key : never;
}[keyof ProfileForm];

const fresh = newProfile('new').grant;
const defaultRedirectUri = fresh.kind === 'authorization_code' ? fresh.redirectUri : '';

function grantForm(grant: Grant) {
  return {
    grantKind: grant.kind,
    redirectUri: grant.kind === 'authorization_code' ? grant.redirectUri : defaultRedirectUri,
    userValue: grant.kind === 'password' ? grant.userValue : 'user',
    passwordValue: grant.kind === 'password' ? grant.passwordValue : 'password',
  };
}

function grantOf({ grantKind, redirectUri, userValue, passwordValue }: ProfileForm): unknown {
  switch (grantKind) {
    case 'authorization_code':
      return { kind: grantKind, redirectUri };
    case 'password':
      return { kind: grantKind, userValue: userValue.trim(), passwordValue: passwordValue.trim() };
    case 'client_credentials':
      return { kind: grantKind };
    default:
      return undefined;
  }
}

/** `unused` stands in the fields when a custom lifetime is chosen for the first time. */
function lifetimeForm(lifetime: Lifetime, unused: { value: string; unit: LifetimeUnit }): LifetimeForm {
  if (lifetime.kind === 'server') return { kind: 'server', ...unused };
  return { kind: 'custom', value: String(lifetime.value), unit: lifetime.unit };
}

/** The number that a text is; NaN, which every schema refuses, for an empty one too. */
function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

function lifetimeOf({ kind, value, unit }: LifetimeForm): Lifetime {
  return kind === 'server' ? { kind } : { kind, value: numberOf(value), unit };
}

function portsOf(text: string): number[] {
  return text
    .split(/[\s,;]+/)
    .filter((port) => port !== '')
    .map(Number);
}

function afterConsentForm(after: AfterConsent): AfterConsentForm {
  return { text: '', url: '', ...after };
}

function afterConsentOf({ kind, text, url }: AfterConsentForm): AfterConsent {
  if (kind === 'message') return { kind, text };
  return kind === 'address' ? { kind, url } : { kind };
}

/** The form of a saved profile. */
export function formOf(profile: Profile): ProfileForm {
  const { grant, server, client, renewAhead } = profile;
  return {
    name: profile.name,
    ...grantForm(grant),
    ...server,
    postLogoutRedirectUri: profile.postLogoutRedirectUri,
    clientKind: client.kind,
    clientId: client.id,
    clientSecret: 'secret' in client ? client.secret : '',
    scope: profile.scope,
    refreshMode: profile.refreshMode,
    accessLifetime: lifetimeForm(profile.accessLifetime, { value: '30', unit: 'minutes' }),
    refreshLifetime: lifetimeForm(profile.refreshLifetime, { value: '24', unit: 'hours' }),
    marginSeconds: String(profile.marginSeconds),
    renewAhead: {
      kind: renewAhead.kind,
      seconds: renewAhead.kind === 'on' ? String(renewAhead.seconds) : '60',
    },
    session: profile.session,
    consentBrowser: profile.consentBrowser,
    redirectPorts: profile.redirectPorts.join(', '),
    afterConsent: afterConsentForm(profile.afterConsent),
    automation: profile.automation,
    scriptHosts: profile.scriptHosts.join(' '),
    personas: profile.personas,
  };
}

function personaOf({ name, values }: PersonaForm): Persona {
  return {
    name,
    values: values.filter((row) => row.name.trim() !== '').map((row) => ({ ...row, name: row.name.trim() })),
  };
}

/** The profile that a form comes to, or what is wrong by field. What the form does not show is kept as it was. */
export function profileOf(form: ProfileForm, saved: Profile): Built<Profile> {
  const { clientKind, clientId: id, clientSecret: secret, renewAhead } = form;
  const parsed = profileSchema.safeParse({
    ...saved,
    name: form.name,
    grant: grantOf(form),
    server: {
      issuer: form.issuer,
      authorizationUrl: form.authorizationUrl,
      tokenUrl: form.tokenUrl,
      revocationUrl: form.revocationUrl,
      introspectionUrl: form.introspectionUrl,
      endSessionUrl: form.endSessionUrl,
    },
    postLogoutRedirectUri: form.postLogoutRedirectUri,
    client: clientKind === 'none' ? { kind: clientKind, id } : { kind: clientKind, id, secret },
    scope: form.scope,
    refreshMode: form.refreshMode,
    accessLifetime: lifetimeOf(form.accessLifetime),
    refreshLifetime: lifetimeOf(form.refreshLifetime),
    marginSeconds: numberOf(form.marginSeconds),
    renewAhead:
      renewAhead.kind === 'off' ? { kind: 'off' } : { kind: 'on', seconds: numberOf(renewAhead.seconds) },
    session: form.session,
    consentBrowser: form.consentBrowser,
    redirectPorts: portsOf(form.redirectPorts),
    afterConsent: afterConsentOf(form.afterConsent),
    automation: form.automation,
    scriptHosts: form.scriptHosts.split(/[\s,]+/).filter((host) => host !== ''),
    personas: form.personas.map(personaOf),
  });
  const issues = issuesOf(parsed.error, form.personas);
  if (!parsed.success || Object.keys(issues).length > 0) return { kind: 'invalid', issues };
  return { kind: 'valid', value: parsed.data };
}

/** A word of advice under a field that should hold a URL; it stops nothing, for the text may still be unfinished. */
export function urlHint(text: string): string | undefined {
  if (text.trim() === '' || text.includes('{{') || URL.canParse(text.trim())) return undefined;
  return 'Not a full URL yet: it begins with https:// or http://';
}

import type {
  AfterConsent,
  AutomationKind,
  ConsentBrowserChoice,
  ConsentSessionKind,
  Profile,
} from '../../../../shared/model/profile.ts';

/** What is shown after a sign-in, as the form holds it: what was typed stays when another kind is chosen. */
export interface AfterConsentForm {
  kind: AfterConsent['kind'];
  text: string;
  url: string;
}

/** Where a person meets the consent screens, and what works them. */
export interface ConsentForm {
  session: ConsentSessionKind;
  consentBrowser: ConsentBrowserChoice;
  /** Separated by blanks, commas or semicolons. */
  redirectPorts: string;
  afterConsent: AfterConsentForm;
  automation: AutomationKind;
  /** Separated by blanks, commas or semicolons. */
  scriptHosts: string;
}

function words(text: string): string[] {
  return text.split(/[\s,;]+/).filter((word) => word !== '');
}

/** A typed list of hosts with more of them, those that it has already left out. */
export function withHosts(text: string, hosts: readonly string[]): string {
  const typed = words(text);
  return [text, ...hosts.filter((host) => !typed.includes(host))].join(' ').trim();
}

function afterConsentOf({ kind, text, url }: AfterConsentForm): AfterConsent {
  if (kind === 'message') return { kind, text };
  return kind === 'address' ? { kind, url } : { kind };
}

/** The form of what a profile says about consent. */
export function consentForm(profile: Profile): ConsentForm {
  return {
    session: profile.session,
    consentBrowser: profile.consentBrowser,
    redirectPorts: profile.redirectPorts.join(', '),
    afterConsent: { text: '', url: '', ...profile.afterConsent },
    automation: profile.automation,
    scriptHosts: profile.scriptHosts.join(' '),
  };
}

/** What the form says about consent, for the profile's schema. */
export function consentOf(form: ConsentForm) {
  return {
    session: form.session,
    consentBrowser: form.consentBrowser,
    redirectPorts: words(form.redirectPorts).map(Number),
    afterConsent: afterConsentOf(form.afterConsent),
    automation: form.automation,
    scriptHosts: words(form.scriptHosts),
  };
}

import type { Members } from '../json-body.ts';
import { numberIn } from '../lifetime.ts';
import { member, type Quirk, withMember, without } from './quirk.ts';

type MemberQuirk = Quirk<Members>;

/** As Google has named them since before the RFC. */
const otherNames = {
  verification_uri: ['verification_url', 'verificationUri'],
  verification_uri_complete: ['verification_url_complete', 'verificationUriComplete'],
} as const;

function renamed(name: keyof typeof otherNames): MemberQuirk {
  return {
    code: `${name}_renamed`,
    severity: 'low',
    source: 'RFC 8628 section 3.2',
    text: (about) => `${name} is called ${about} here.`,
    mend: (members) => {
      if (member(members, name) !== undefined) return null;
      const other = otherNames[name].find((text) => typeof member(members, text) === 'string');
      if (other === undefined) return null;
      return { subject: withMember(without(members, other), name, members[other]), about: other };
    },
  };
}

function textNumber(name: 'expires_in' | 'interval'): MemberQuirk {
  return {
    code: `approval_${name}_text`,
    severity: 'low',
    source: 'RFC 8628 section 3.2',
    text: () => `${name} of the waiting time is a text; it should be a number.`,
    mend: (members) => {
      const value = member(members, name);
      const number = typeof value === 'string' ? numberIn(value) : null;
      return number === null ? null : { subject: withMember(members, name, number) };
    },
  };
}

/** How long an approval is waited for when the server does not say, in seconds. */
export const approvalSeconds = 600;

const lifetimeMissing: MemberQuirk = {
  code: 'approval_expires_in_missing',
  severity: 'medium',
  source: 'RFC 8628 section 3.2',
  text: () =>
    `The server does not say how long it waits for an approval; ${approvalSeconds / 60} minutes were taken.`,
  mend: (members) =>
    (numberIn(member(members, 'expires_in')) ?? 0) > 0
      ? null
      : { subject: withMember(members, 'expires_in', approvalSeconds) },
};

const intervalUnreadable: MemberQuirk = {
  code: 'approval_interval_unreadable',
  severity: 'low',
  source: 'RFC 8628 section 3.2',
  text: () => 'interval is no number of seconds; 5 were taken.',
  mend: (members) => {
    const value = member(members, 'interval');
    const fits = value === undefined || (typeof value === 'number' && value >= 0);
    return fits ? null : { subject: without(members, 'interval') };
  },
};

/** What a server says when somebody is to approve elsewhere (RFC 8628 section 3.2, OpenID Connect CIBA 1.0 section 7.3). */
export const approvalQuirks: readonly MemberQuirk[] = [
  renamed('verification_uri'),
  renamed('verification_uri_complete'),
  textNumber('expires_in'),
  textNumber('interval'),
  lifetimeMissing,
  intervalUnreadable,
];

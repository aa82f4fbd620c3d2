import { grantPresence } from '../../../shared/model/grant.ts';
import type { Profile } from '../../../shared/model/profile.ts';
import { serverLabels } from '../../../shared/model/server-labels.ts';
import type { TokenStatus } from '../../../shared/model/token.ts';
import { tokenName } from './inspection-words.ts';
import type { TokenActionKind, TokenOutcome } from './token-actions.ts';

/** A button of the Token tab: its name, what it does in one line, and what is asked before, where it cannot be undone. */
export interface ActionWords {
  kind: TokenActionKind;
  label: string;
  text: string;
  confirm?: { title: string; text: string; button: string };
}

/** What asks about tokens and changes nothing. */
export const askingActions: readonly ActionWords[] = [
  {
    kind: 'inspect',
    label: 'Decode and verify',
    text: 'Shows what is in the tokens, and checks them with the server’s keys.',
  },
  {
    kind: 'copy',
    label: 'Copy access token',
    text: 'Puts it into the clipboard.',
  },
  {
    kind: 'copy_credential',
    label: 'Copy as header',
    text: 'As requests carry it: header, cookie, query or form field.',
  },
  {
    kind: 'copy_curl',
    label: 'Copy as cURL',
    text: 'A command with the token in it, for a terminal.',
  },
  {
    kind: 'introspect_access',
    label: 'Introspect access token',
    text: 'Asks the server whether it is still good.',
  },
  {
    kind: 'introspect_refresh',
    label: 'Introspect refresh token',
    text: 'The same, without using it up.',
  },
];

/** What ends tokens and sessions. */
export const endingActions: readonly ActionWords[] = [
  {
    kind: 'revoke',
    label: 'Revoke at the server',
    text: 'The server refuses both tokens from then on.',
    confirm: {
      title: 'Revoke the tokens at the server?',
      text: 'Whoever else uses them is refused as well, and they are forgotten here.',
      button: 'Revoke',
    },
  },
  {
    kind: 'logout',
    label: 'End session at the provider',
    text: 'Signs the persona out at the server.',
  },
  {
    kind: 'clear_session',
    label: 'Clear the consent session',
    text: 'The next consent signs in anew.',
  },
  {
    kind: 'forget',
    label: 'Forget here',
    text: 'From the vault only; the server is not told.',
    confirm: {
      title: 'Forget the tokens?',
      text: 'They are deleted from the vault. At the server they stay good until they expire.',
      button: 'Forget',
    },
  },
];

/** Why an endpoint cannot be known: the profile names neither it nor an issuer; else null. */
function noEndpoint({ server }: Profile, key: 'revocationUrl' | 'introspectionUrl' | 'endSessionUrl') {
  if (server[key].trim() !== '' || server.issuer.trim() !== '') return null;
  return `Settings, Server, name neither an issuer nor the ${serverLabels[`server.${key}`]}.`;
}

function sessionReason(profile: Profile, { idTokenHeld, sessionKept }: TokenStatus): string | null {
  if (grantPresence[profile.grant.kind] !== 'screens') return 'This grant opens no session at the provider.';
  if (!idTokenHeld && !sessionKept) return 'Neither an id token nor a kept session is held.';
  return noEndpoint(profile, 'endSessionUrl');
}

/** RFC 9449 section 7.1: each request needs a proof of its own, which no other program has. */
function credentialReason({ access }: TokenStatus): string | null {
  if (access.kind !== 'held') return 'No access token is held.';
  if (access.tokenType.toLowerCase() !== 'dpop') return null;
  return 'A DPoP token is good only with a proof made anew for each request.';
}

/** Why an action has nothing to act on, in one sentence; null: it can be done. */
export function disabledReason(
  kind: TokenActionKind,
  profile: Profile,
  status: TokenStatus | undefined,
): string | null {
  if (status === undefined) return 'Nothing is held.';
  const access = status.access.kind === 'held';
  const refresh = status.refresh.kind !== 'none';
  switch (kind) {
    case 'inspect':
      return access || status.idTokenHeld ? null : 'No token is held.';
    case 'copy':
      return access ? null : 'No access token is held.';
    case 'copy_credential':
    case 'copy_curl':
      return credentialReason(status);
    case 'introspect_access':
      if (!access) return 'No access token is held.';
      return noEndpoint(profile, 'introspectionUrl');
    case 'introspect_refresh':
      if (!refresh) return 'No refresh token is held.';
      return noEndpoint(profile, 'introspectionUrl');
    case 'revoke':
      if (!access && !refresh) return 'No token is held.';
      return noEndpoint(profile, 'revocationUrl');
    case 'logout':
      return sessionReason(profile, status);
    case 'clear_session':
      return status.sessionKept ? null : 'No session is kept.';
    case 'forget':
      return access || refresh || status.idTokenHeld ? null : 'No token is held.';
  }
}

function revokedWords(revoked: readonly ('access_token' | 'refresh_token')[]): string {
  if (revoked.length === 0) return 'The server revoked nothing.';
  return `Revoked: ${revoked.map((token) => `the ${tokenName(token)}`).join(' and ')}.`;
}

/** What came of an action, in a sentence; null where more than a sentence is shown. */
export function outcomeWords(outcome: TokenOutcome): string | null {
  switch (outcome.kind) {
    case 'introspected':
    case 'inspected':
      return null;
    case 'copied':
      return `Copied: ${outcome.what}.`;
    case 'revoked':
      return revokedWords(outcome.revoked);
    case 'logged_out':
      return outcome.end === 'returned'
        ? 'Signed out: the server sent back to the post-logout redirect URI.'
        : 'Signed out, as far as the server tells: it showed a page of its own and asked nothing.';
    case 'session_cleared':
      return 'Cleared: the next consent begins at the login page.';
    case 'forgotten':
      return 'Forgotten.';
  }
}

import type {
  InspectedToken,
  TokenInspection,
  Verification,
} from '../../../shared/model/token-inspection.ts';
import type { Tone } from '../../ui/chip.tsx';

/** The name of a token within a sentence: `access token`. */
export function tokenName(token: InspectedToken['token']): string {
  return token.replace('_', ' ');
}

/** How a check came out: in a word with its tone, and what it means. */
export function verificationWords(verification: Verification): { tone: Tone; word: string; text: string } {
  switch (verification.kind) {
    case 'valid':
      return {
        tone: 'good',
        word: 'Valid',
        text: 'The signature is the server’s, and its time is not over.',
      };
    case 'expired':
      return { tone: 'warn', word: 'Expired', text: 'The signature is the server’s; its time is over.' };
    case 'not_yet_valid':
      return {
        tone: 'warn',
        word: 'Not valid yet',
        text: 'The signature is the server’s; its time is to come.',
      };
    case 'wrong_key':
      return {
        tone: 'bad',
        word: 'Wrong key',
        text: 'The server’s key did not make this signature: the token was changed, or is of another server.',
      };
    case 'key_unknown':
      return { tone: 'bad', word: 'Key unknown', text: 'The server lists no key that made this signature.' };
    case 'unsigned':
      return { tone: 'bad', word: 'Unsigned', text: 'Anybody could have written it: its algorithm is none.' };
    case 'unchecked':
      return {
        tone: 'none',
        word: 'Not checked',
        text: `Its signature was not checked: ${verification.reason}.`,
      };
  }
}

/** The scopes by what became of them. */
export function scopeOutcome({ asked, granted }: TokenInspection['scopes']) {
  return {
    granted: granted.filter((scope) => asked.includes(scope)),
    refused: asked.filter((scope) => !granted.includes(scope)),
    added: granted.filter((scope) => !asked.includes(scope)),
  };
}

import type { ErrorCode } from '../../../shared/errors.ts';

export type KeyErrorCode = Extract<
  ErrorCode,
  'key_invalid' | 'key_passphrase_missing' | 'key_passphrase_wrong' | 'key_algorithm_mismatch'
>;

/** Why a text is no key to sign with. Nothing of the text is in it; the error that the person sees is made of it. */
export class KeyProblem extends Error {
  readonly code: KeyErrorCode;
  /** What is wrong, after "The client key of ...": "is not a private key". */
  readonly problem: string;
  readonly action: string;

  constructor(code: KeyErrorCode, problem: string, action: string) {
    super(problem);
    this.code = code;
    this.problem = problem;
    this.action = action;
  }
}

/** A key in a form that is locked, without what opens it. */
export function passphraseMissing(): KeyProblem {
  return new KeyProblem(
    'key_passphrase_missing',
    'is encrypted, and has no passphrase',
    'Give the key a passphrase: a variable in the profile, with its value stored as a secret.',
  );
}

export function passphraseWrong(): KeyProblem {
  return new KeyProblem(
    'key_passphrase_wrong',
    'does not open with its passphrase',
    'Correct the stored passphrase. If it is right, write the key anew with AES-256: openssl pkcs8 -topk8 -v2 aes-256-cbc.',
  );
}

import type { AppError, ErrorCode } from '../../shared/errors.ts';

/** Failures of a script after which a person can go on from where it stopped. */
const mendableByHand: readonly ErrorCode[] = [
  'script_failed',
  'script_step_failed',
  'script_limit',
  'script_timeout',
  'consent_no_redirect',
  'consent_timeout',
  'consent_credentials_missing',
  'consent_credentials_refused',
  // The system may have one, which the person can choose.
  'client_certificate_required',
];

export function canBeHandedOver(error: AppError): boolean {
  return mendableByHand.includes(error.code);
}

/** What the person reads above the page that the script could not work. */
export function handOverNotice(error: AppError): string {
  return `The automation script could not go on: ${error.message} Finish signing in by hand; the token is kept as usual.`;
}

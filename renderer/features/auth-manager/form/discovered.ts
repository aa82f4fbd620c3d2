import type { CallResult } from '../../../../shared/contract/calls.ts';
import type { ProfileForm } from '../profile-form.ts';
import { holdsVariable } from './checks.ts';
import { keysOf } from './pick.ts';

/** What a discovery document has told (RFC 8414 section 2). An endpoint that it lacks is empty. */
export type Discovered = CallResult<'profiles.discover'>;

/** Under which name a server's answer is kept: in each environment an issuer with a variable may be another server. */
export function serverKey(issuer: string, environment: string | null): string {
  const text = issuer.trim();
  return holdsVariable(text) ? JSON.stringify([environment, text]) : text;
}

/**
 * What a discovery changes in a form. Where the issuer holds a variable, addresses are not written down, for they would be
 * those of one environment: they come from the issuer at each use. What the document does not name stays as it was, unless
 * it came from a document (`known`): another server's endpoints must not stand under this issuer.
 */
export function discoveredPatch(
  form: ProfileForm,
  { issuer: _issuer, supports, ...urls }: Discovered,
  known: readonly Discovered[],
): Partial<ProfileForm> {
  const open = holdsVariable(form.issuer);
  const patch: Partial<ProfileForm> = !open && supports.pushedRequestRequired ? { pushedRequest: true } : {};
  for (const field of keysOf(urls)) {
    if (!open && urls[field] !== '') patch[field] = urls[field];
    else if (form[field] !== '' && known.some((other) => other[field] === form[field])) patch[field] = '';
  }
  return patch;
}

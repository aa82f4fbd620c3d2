import { AppError } from '../../../shared/errors.ts';
import type { GrantKind } from '../../../shared/model/grant.ts';
import type { ResolvedGrant, ResolvedProfile } from '../resolved-profile.ts';

/** The profile's grant, of the kind that is worked on. Throws `internal` when it is another one. */
export function grantOf<Kind extends GrantKind>(
  { grant, name }: ResolvedProfile,
  kind: Kind,
): Extract<ResolvedGrant, { kind: Kind }> {
  if (isOf(grant, kind)) return grant;
  throw new AppError('internal', `${name} does not use the grant ${kind}.`);
}

function isOf<Kind extends GrantKind>(
  grant: ResolvedGrant,
  kind: Kind,
): grant is Extract<ResolvedGrant, { kind: Kind }> {
  return grant.kind === kind;
}

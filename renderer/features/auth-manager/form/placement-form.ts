import type { PlacedToken, Placement } from '../../../../shared/model/placement.ts';

/** What stands before the token in a header: its own type, a word of the person's, or nothing. */
export type PrefixKind = 'type' | 'word' | 'nothing';

/** Where requests carry the token, complete whatever the place. */
export interface PlacementForm {
  placementKind: Placement['kind'];
  placementHeader: string;
  placementPrefixKind: PrefixKind;
  placementPrefix: string;
  /** Of the query parameter, the form field or the cookie. */
  placementName: string;
  placedToken: PlacedToken;
}

/** What stands in the fields of a place that is chosen for the first time. */
export const unusedPlacement = {
  placementHeader: 'Authorization',
  placementPrefixKind: 'type',
  placementPrefix: '',
  placementName: 'access_token',
} as const;

function prefixFields(prefix: string | null): Pick<PlacementForm, 'placementPrefixKind' | 'placementPrefix'> {
  if (prefix === null) return { placementPrefixKind: 'type', placementPrefix: '' };
  return { placementPrefixKind: prefix === '' ? 'nothing' : 'word', placementPrefix: prefix };
}

/** The form of a placement. */
export function placementForm(placement: Placement, placedToken: PlacedToken): PlacementForm {
  const { kind: placementKind } = placement;
  if (placement.kind === 'header') {
    const fields = { placementHeader: placement.name, ...prefixFields(placement.prefix) };
    return { ...unusedPlacement, placementKind, placedToken, ...fields };
  }
  return { ...unusedPlacement, placementKind, placedToken, placementName: placement.name };
}

/** The word before the token; null: the token's own type. */
export function prefixOf({ placementPrefixKind, placementPrefix }: PlacementForm): string | null {
  if (placementPrefixKind === 'type') return null;
  return placementPrefixKind === 'nothing' ? '' : placementPrefix.trim();
}

/** The placement that the form comes to; the schema has yet to check it. */
export function placementOf(form: PlacementForm): Placement {
  const { placementKind: kind } = form;
  if (kind === 'header') return { kind, name: form.placementHeader, prefix: prefixOf(form) };
  return { kind, name: form.placementName };
}

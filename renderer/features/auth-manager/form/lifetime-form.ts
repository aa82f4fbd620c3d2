import type { Lifetime, Profile, RenewAhead } from '../../../../shared/model/profile.ts';
import { numberOf } from './number-text.ts';

export type LifetimeUnit = Extract<Lifetime, { kind: 'custom' }>['unit'];

/** A lifetime as the form holds it: a number typed stays when the server's word is chosen again. */
export interface LifetimeForm {
  kind: Lifetime['kind'];
  value: string;
  unit: LifetimeUnit;
}

/** How long tokens live and when they are renewed. */
export interface LifetimesForm {
  accessLifetime: LifetimeForm;
  refreshLifetime: LifetimeForm;
  marginSeconds: string;
  renewAhead: { kind: RenewAhead['kind']; seconds: string };
}

/** `unused` stands in the fields when a custom lifetime is chosen for the first time. */
function lifetimeForm(lifetime: Lifetime, unused: { value: string; unit: LifetimeUnit }): LifetimeForm {
  if (lifetime.kind === 'server') return { kind: 'server', ...unused };
  return { kind: 'custom', value: String(lifetime.value), unit: lifetime.unit };
}

function lifetimeOf({ kind, value, unit }: LifetimeForm): Lifetime {
  return kind === 'server' ? { kind } : { kind, value: numberOf(value), unit };
}

/** The form of a profile's lifetimes. */
export function lifetimesForm(profile: Profile): LifetimesForm {
  const { renewAhead } = profile;
  return {
    accessLifetime: lifetimeForm(profile.accessLifetime, { value: '30', unit: 'minutes' }),
    refreshLifetime: lifetimeForm(profile.refreshLifetime, { value: '24', unit: 'hours' }),
    marginSeconds: String(profile.marginSeconds),
    renewAhead: {
      kind: renewAhead.kind,
      seconds: renewAhead.kind === 'on' ? String(renewAhead.seconds) : '60',
    },
  };
}

/** What the form says of lifetimes, for the profile's schema. */
export function lifetimesOf({ accessLifetime, refreshLifetime, marginSeconds, renewAhead }: LifetimesForm) {
  return {
    accessLifetime: lifetimeOf(accessLifetime),
    refreshLifetime: lifetimeOf(refreshLifetime),
    marginSeconds: numberOf(marginSeconds),
    renewAhead:
      renewAhead.kind === 'off' ? { kind: 'off' } : { kind: 'on', seconds: numberOf(renewAhead.seconds) },
  };
}

import { useMemo } from 'react';
import type { TokenEvent } from '../../../shared/model/token.ts';
import { useSnapshot } from '../../api/use-engine.ts';
import { newestFirst } from './event-filter.ts';

/** The token events of a profile, or (null) of the whole project, newest first. */
export function useTokenEvents(profile: string | null): TokenEvent[] {
  const events = useSnapshot(({ tokens }) => tokens.events);
  return useMemo(
    () => newestFirst(profile === null ? events : events.filter((event) => event.profile === profile)),
    [events, profile],
  );
}

import { ErrorPanel } from '../../ui/error-panel.tsx';
import { usePersonaStore } from './stores.ts';

/** Why a persona could not be chosen: it may have been asked for where there is no place to say so. */
export function PersonaFailure() {
  const failure = usePersonaStore((state) => state.choiceFailure);
  return failure === null ? null : <ErrorPanel error={failure} />;
}

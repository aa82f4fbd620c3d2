import type { MouseEvent } from 'react';
import { Button } from '../../ui/button.tsx';
import { usePersonaStore, useToken, useTokenStore } from './stores.ts';
import styles from './token.module.css';

/** Whose token: a persona of a profile; null, the default, is the active one. */
export interface TokenOf {
  profile: string;
  persona?: string | null;
}

/** Get Access Token, which is Cancel while an update runs, and Refresh exactly when the engine shows it. */
export function TokenButtons({ profile, persona: named = null }: TokenOf) {
  const { persona, status, busy } = useToken(profile, named);
  const get = useTokenStore((state) => state.get);
  const refresh = useTokenStore((state) => state.refresh);
  const cancel = useTokenStore((state) => state.cancel);
  // A click that follows on the choice of a persona must not be for the one before.
  const choosing = usePersonaStore((state) => state.choosing);

  function onClick(event: MouseEvent): void {
    // The second click of a double click would cancel what the first one has just begun.
    if (event.detail > 1) return;
    void (busy ? cancel(profile, persona) : get(profile, persona));
  }

  return (
    <div className={styles.buttons}>
      {status?.refreshShown === true && (
        <Button disabled={busy || choosing} onClick={() => void refresh(profile, persona)}>
          Refresh
        </Button>
      )}
      <Button
        kind={busy ? 'plain' : 'primary'}
        className={styles.get}
        disabled={choosing && !busy}
        onClick={onClick}
      >
        {busy ? 'Cancel' : 'Get Access Token'}
      </Button>
    </div>
  );
}

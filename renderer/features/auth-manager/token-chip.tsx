import { useNow } from '../../api/use-now.ts';
import { Chip, StatusDot } from '../../ui/chip.tsx';
import { useToken } from './stores.ts';
import styles from './token.module.css';
import type { TokenOf } from './token-buttons.tsx';
import { formatCountdown, summarize } from './token-words.ts';

/** How a profile's token stands: colour, word and countdown. Only a change of the word is announced. */
export function TokenChip({ profile, persona = null }: TokenOf) {
  const now = useNow();
  const { status, busy } = useToken(profile, persona);
  const { tone, word, leftMs } = summarize(status, now, busy);
  return (
    <Chip tone={tone}>
      <StatusDot tone={tone} />
      <span role="status" aria-label="Token state">
        {word}
      </span>
      {leftMs !== null && <span className={styles.left}>· {formatCountdown(leftMs)} left</span>}
    </Chip>
  );
}

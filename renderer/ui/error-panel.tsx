import type { ReactNode } from 'react';
import type { ErrorWire, ServerAnswer } from '../../shared/errors.ts';
import { classes } from './classes.ts';
import styles from './error-panel.module.css';
import { Icon } from './icon.tsx';

function ServerWords({ server }: { server: ServerAnswer }) {
  return (
    <p className={styles.server}>
      The server said: {server.error !== undefined && <code>{server.error}</code>}
      {server.error !== undefined && server.errorDescription !== undefined && ' · '}
      {server.errorDescription !== undefined && <q>{server.errorDescription}</q>}
      {server.error === undefined && server.errorDescription === undefined && 'nothing'}
      {server.status !== undefined && ` (HTTP ${server.status})`}
    </p>
  );
}

/** A detail's name as a person reads it: `pageTitle` becomes "Page title". */
function detailLabel(key: string): string {
  const words = key
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/_/g, ' ')
    .toLowerCase();
  return words === 'url' ? 'URL' : words.charAt(0).toUpperCase() + words.slice(1);
}

/** A failure: what failed, the server's own words, where it happened, and what the person can do. */
export function ErrorPanel({ error, children }: { error: ErrorWire; children?: ReactNode }) {
  const cancelled = error.code === 'cancelled' || error.code === 'consent_cancelled';
  const details = Object.entries(error.details ?? {});
  return (
    <div
      role={cancelled ? 'note' : 'alert'}
      data-code={error.code}
      className={classes(styles.panel, cancelled && styles.muted)}
    >
      <Icon name="alert" />
      <p className={styles.message}>{error.message}</p>
      {error.server !== undefined && <ServerWords server={error.server} />}
      {details.length > 0 && (
        <dl className={styles.details}>
          {details.map(([key, value]) => (
            <div key={key} style={{ display: 'contents' }}>
              <dt>{detailLabel(key)}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {error.action !== undefined && <p className={styles.action}>{error.action}</p>}
      {children !== undefined && <div className={styles.buttons}>{children}</div>}
    </div>
  );
}

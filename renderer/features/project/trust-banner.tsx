import { useProject, useSnapshot } from '../../api/use-engine.ts';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { useTrustStore } from './stores.ts';
import styles from './welcome.module.css';

/** Says that the scripts of the open project do not run, for as long as it is not trusted. */
export function TrustBanner() {
  const hasScripts = useProject((project) => project.profiles.some((profile) => profile.hasScript));
  const trusted = useSnapshot(({ project }) => project.kind === 'open' && project.trusted);
  const isAsked = useTrustStore(({ asked }) => asked !== null);
  const { busy, failure, review } = useTrustStore((state) => state);
  return (
    <>
      {hasScripts && !trusted && (
        <section className={classes(styles.banner, styles.calm)} aria-label="Trust in this project">
          <p>
            <b>Scripts of this project do not run yet.</b> Until you trust it, the login pages wait for you.
          </p>
          <Button disabled={busy} onClick={() => void review()}>
            Review and trust…
          </Button>
        </section>
      )}
      {failure !== null && !isAsked && (
        <div className={styles.problem}>
          <ErrorPanel error={failure} />
        </div>
      )}
    </>
  );
}

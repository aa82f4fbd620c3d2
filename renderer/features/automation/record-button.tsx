import { isRedirectGrant } from '../../../shared/model/grant.ts';
import { useSnapshot } from '../../api/use-engine.ts';
import { Button } from '../../ui/button.tsx';
import { usePersona, useProfile } from '../auth-manager/index.ts';
import { stepsSoFar } from './record-store.ts';
import styles from './recording.module.css';
import { useRecordings } from './stores.ts';

/** Begins to record a login as the active persona, and stops it; absent where a grant has no login page. */
export function RecordButton({ profile }: { profile: string }) {
  const persona = usePersona(profile);
  const grant = useProfile(profile)?.profile.grant;
  const recording = useSnapshot((snapshot) => stepsSoFar(snapshot, profile) !== undefined);
  const { record, stop } = useRecordings((state) => state);
  if (grant === undefined || !isRedirectGrant(grant)) return null;
  if (recording) return <Button onClick={() => void stop(profile)}>Stop recording</Button>;
  return (
    <Button
      title={`Opens the login page: sign in once as “${persona}”, and the script is written.`}
      onClick={() => void record(profile, persona)}
    >
      <span className={styles.dot} aria-hidden="true" />
      Record
    </Button>
  );
}

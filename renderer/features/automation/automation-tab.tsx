import styles from './automation.module.css';
import { ScriptEditor } from './script-editor.tsx';
import { ScriptValues } from './script-values.tsx';

/** A profile's automation: its script, and the values that the script works with. */
export function AutomationTab({ profile }: { profile: string }) {
  return (
    <div className={styles.tab}>
      <ScriptEditor profile={profile} />
      <ScriptValues profile={profile} />
    </div>
  );
}

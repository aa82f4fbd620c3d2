import type { Finding } from '../../../shared/model/finding.ts';
import { Button } from '../../ui/button.tsx';
import { Chip, StatusDot } from '../../ui/chip.tsx';
import { withKeys } from '../../ui/with-keys.ts';
import { countWords, severityWords } from './finding-words.ts';
import styles from './findings-list.module.css';
import { useManager } from './stores.ts';
import { useFindings } from './use-findings.ts';

function Group({ title, findings, none }: { title: string; findings: readonly Finding[]; none: string }) {
  return (
    <div className={styles.group}>
      <h4 className={styles.title}>{title}</h4>
      {findings.length === 0 ? (
        <p className={styles.none}>{none}</p>
      ) : (
        <ul className={styles.list} aria-label={title}>
          {withKeys(findings, ({ code }) => code).map(({ key, item: { code, text, source, severity } }) => (
            <li key={key} className={styles.finding} data-code={code}>
              <span className={styles.severity}>
                <Chip tone={severityWords[severity].tone}>{severityWords[severity].word}</Chip>
              </span>
              <div>
                <p className={styles.text}>{text}</p>
                <p className={styles.source}>
                  {source} · <code>{code}</code>
                </p>
              </div>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Everything that a tester should know of a profile's security and of what its server does otherwise than the RFCs. */
export function FindingsList({ profile }: { profile: string }) {
  const { profile: ofProfile, token, held } = useFindings(profile);
  return (
    <div className={styles.groups}>
      <Group
        title="What the server did"
        findings={token}
        none={held ? 'Nothing was noticed: it came as the RFCs say.' : 'No token is held yet.'}
      />
      <Group title="How the profile is set up" findings={ofProfile} none="RFC 9700 has nothing against it." />
    </div>
  );
}

/** The findings in a word, wherever the profile is shown; leads to the list. */
export function FindingsNote({ profile }: { profile: string }) {
  const { profile: ofProfile, token } = useFindings(profile);
  const setTab = useManager((state) => state.setTab);
  const words = countWords([...ofProfile, ...token]);
  if (words === null) return null;
  return (
    <p className={styles.note}>
      <StatusDot tone={words.tone} />
      <Button kind="link" onClick={() => setTab('token')}>
        {words.text}
      </Button>
    </p>
  );
}

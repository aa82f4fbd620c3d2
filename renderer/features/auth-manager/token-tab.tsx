import section from '../../ui/section.module.css';
import { Section, Wide } from '../../ui/section.tsx';
import { type ActionWords, askingActions, endingActions } from './action-words.ts';
import { FindingsList } from './findings-list.tsx';
import { useProfile, useToken } from './stores.ts';
import { TokenActionRow } from './token-action-row.tsx';
import { TokenFacts } from './token-facts.tsx';
import styles from './token-tab.module.css';

/** What is held for the active persona of a profile, and everything that can be done with it. */
export function TokenTab({ profile: id }: { profile: string }) {
  const profile = useProfile(id)?.profile;
  const { persona, status } = useToken(id);
  if (profile === undefined) return null;

  const rows = (actions: readonly ActionWords[]) => (
    <Wide>
      <ul className={styles.actions}>
        {actions.map((words) => (
          <TokenActionRow key={words.kind} id={id} profile={profile} persona={persona} words={words} />
        ))}
      </ul>
    </Wide>
  );

  return (
    <div className={section.form}>
      <Section title="Held" text={profile.personas.length > 1 ? `For ${persona}` : 'Kept in the vault'}>
        <Wide>
          <TokenFacts profile={profile} status={status} />
        </Wide>
      </Section>
      <Section title="Findings" text="Against the RFCs">
        <Wide>
          <FindingsList profile={id} />
        </Wide>
      </Section>
      <Section title="Ask" text="Changes nothing">
        {rows(askingActions)}
      </Section>
      <Section title="End" text="Tokens and sessions">
        {rows(endingActions)}
      </Section>
    </div>
  );
}

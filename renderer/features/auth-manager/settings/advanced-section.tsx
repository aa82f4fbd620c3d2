import type { ConsentSessionKind, RenewAhead } from '../../../../shared/model/profile.ts';
import { RadioCards } from '../../../ui/choice.tsx';
import { Section, Wide } from '../../../ui/section.tsx';
import { SelectField, type SelectOption } from '../../../ui/select-field.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import type { Uses } from '../form/uses.ts';
import { RefreshModeField } from '../refresh-mode-field.tsx';
import type { ProfileEditor } from '../stores.ts';
import { bindText } from './bind-text.ts';
import styles from './lifetime-field.module.css';
import { LifetimeField } from './lifetime-field.tsx';

const renewals: readonly SelectOption<RenewAhead['kind']>[] = [
  { value: 'off', label: 'Off' },
  { value: 'on', label: 'Before it expires…' },
];

const sessions: readonly { value: ConsentSessionKind; label: string; text: string }[] = [
  {
    value: 'fresh',
    label: 'Fresh each time',
    text: 'Every consent begins at the login page, as for somebody who was never there.',
  },
  {
    value: 'kept',
    label: 'Keep signed in',
    text: 'Each persona keeps its own session, so a later consent may skip the login page.',
  },
];

function RenewAheadField({ editor }: { editor: ProfileEditor }) {
  const { renewAhead, refreshMode } = editor.form;
  const { kind, seconds } = renewAhead;
  const hint =
    refreshMode === 'manual' ? 'Works in Automatic only.' : 'In the background, so that no request waits.';
  return (
    <div className={styles.field}>
      <SelectField
        label="Renew ahead"
        value={kind}
        options={renewals}
        hint={kind === 'off' ? hint : undefined}
        onChange={(next) => editor.set({ renewAhead: { kind: next, seconds } })}
      />
      {kind === 'on' && (
        <TextField
          label="Seconds ahead"
          labelHidden
          mono
          hint={hint}
          trailing={<span className={styles.unit}>seconds before</span>}
          value={seconds}
          onChange={(next) => editor.edit({ renewAhead: { kind, seconds: next } })}
          onCommit={editor.commit}
          error={editor.issue('renewAhead')}
        />
      )}
    </div>
  );
}

function SessionField({ editor }: { editor: ProfileEditor }) {
  return (
    <Wide>
      <RadioCards
        label="Consent session"
        value={editor.form.session}
        onChange={(session) => editor.set({ session })}
        options={sessions}
      />
    </Wide>
  );
}

function ScriptHostsField({ editor }: { editor: ProfileEditor }) {
  return (
    <Wide>
      <TextField
        label="Allowed hosts"
        {...bindText(editor, 'scriptHosts')}
        hint="Where the automation script may also type values, beside the hosts of the login: login.example.com, *.example.com."
      />
    </Wide>
  );
}

/** Who starts an update, how long tokens live, and what a consent leaves behind. */
export function AdvancedSection({ id, editor, uses }: { id: string; editor: ProfileEditor; uses: Uses }) {
  return (
    <Section title="Advanced">
      <Wide>
        <RefreshModeField profile={id} />
      </Wide>
      <LifetimeField editor={editor} field="accessLifetime" token="Access token" />
      {uses.refreshToken && <LifetimeField editor={editor} field="refreshLifetime" token="Refresh token" />}
      <TextField
        label="Clock margin"
        {...bindText(editor, 'marginSeconds')}
        hint="A token counts as expired this early."
        trailing={<span className={styles.unit}>seconds</span>}
      />
      {uses.refreshToken && <RenewAheadField editor={editor} />}
      {uses.screens && (
        <>
          <SessionField editor={editor} />
          <ScriptHostsField editor={editor} />
        </>
      )}
    </Section>
  );
}

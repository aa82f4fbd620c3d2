import { useState } from 'react';
import type { PlaygroundSettings } from '../../../shared/model/playground.ts';
import { SegmentedControl } from '../../ui/choice.tsx';
import { Section, Wide } from '../../ui/section.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { failureOf, type SecondsSetting, withSeconds } from './playground-store.ts';
import { usePlayground } from './stores.ts';

const failures = [
  { value: 'none', label: 'None' },
  { value: 'refuse_refresh', label: 'Refuse every refresh' },
  { value: 'server_error', label: 'Server error (500)' },
  { value: 'too_many_requests', label: 'Too many requests (429)' },
  { value: 'slow', label: 'Slow answers' },
  { value: 'malformed_json', label: 'Malformed JSON' },
] as const;

function Seconds(props: { label: string; field: SecondsSetting; settings: PlaygroundSettings }) {
  const [typed, setTyped] = useState<string | null>(null);
  const [issue, setIssue] = useState<string>();
  const configure = usePlayground((state) => state.configure);

  function commit(): void {
    if (typed === null) return;
    const next = withSeconds(props.settings, props.field, typed);
    setIssue(next.kind === 'invalid' ? next.issue : undefined);
    if (next.kind === 'invalid') return;
    setTyped(null);
    void configure(next.settings);
  }

  return (
    <TextField
      label={props.label}
      value={typed ?? String(props.settings[props.field])}
      onChange={setTyped}
      onCommit={commit}
      error={issue}
    />
  );
}

/** How the playground behaves, each setting changed at once. */
export function Settings({ settings }: { settings: PlaygroundSettings }) {
  const configure = usePlayground((state) => state.configure);
  return (
    <>
      <Section title="Lifetimes" text="Of tokens given out from now on">
        <Seconds label="Access token, seconds" field="accessLifetimeSeconds" settings={settings} />
        <Seconds label="Refresh token, seconds" field="refreshLifetimeSeconds" settings={settings} />
      </Section>
      <Section title="Refresh tokens" text="Rotation revokes the chain when an old one is used again">
        <Wide>
          <SegmentedControl
            label="Rotation"
            value={settings.rotation ? 'on' : 'off'}
            options={[
              { value: 'on', label: 'Rotate' },
              { value: 'off', label: 'Keep' },
            ]}
            onChange={(value) => void configure({ ...settings, rotation: value === 'on' })}
          />
        </Wide>
      </Section>
      <Section title="Sessions" text="Whether a browser stays signed in after a consent">
        <Wide>
          <SegmentedControl
            label="Sessions"
            value={settings.keepsSessions ? 'on' : 'off'}
            options={[
              { value: 'off', label: 'Sign in each time' },
              { value: 'on', label: 'Stay signed in' },
            ]}
            onChange={(value) => void configure({ ...settings, keepsSessions: value === 'on' })}
          />
        </Wide>
      </Section>
      <Section title="Clock" text="How far the Date header of its answers is ahead">
        <Seconds label="Ahead, seconds" field="clockAheadSeconds" settings={settings} />
      </Section>
      <Section title="Failure" text="What the token endpoint does wrong on purpose">
        <SelectField
          label="Failure"
          labelHidden
          value={settings.failure.kind}
          options={failures}
          onChange={(kind) => void configure({ ...settings, failure: failureOf(kind) })}
        />
      </Section>
    </>
  );
}

import { type ReactNode, useMemo } from 'react';
import type { TokenEvent } from '../../../shared/model/token.ts';
import { useProject } from '../../api/use-engine.ts';
import { SegmentedControl } from '../../ui/choice.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import type { EventFilter } from './event-filter.ts';
import type { Names } from './names.ts';
import styles from './timeline.module.css';

const kinds: readonly { value: EventFilter['what']; label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'problems', label: 'Problems' },
];

/** Stands for "all profiles", which no profile's id can be. */
const allProfiles = '';

interface ProfileFilterProps {
  /** All events, because those of a deleted profile can be chosen too. */
  events: readonly TokenEvent[];
  names: Names;
  value: string | null;
  onChange: (profile: string | null) => void;
}

/** Which profile's events are shown. */
export function ProfileFilter({ events, names, value, onChange }: ProfileFilterProps) {
  const profiles = useProject((project) => project.profiles);
  const options = useMemo(() => {
    const ids = profiles.map(({ id }) => id);
    const told = new Set([...events.map(({ profile }) => profile), ...(value === null ? [] : [value])]);
    const deleted = [...told].filter((id) => !ids.includes(id));
    return [
      { value: allProfiles, label: 'All profiles' },
      ...ids.map((id) => ({ value: id, label: names.profile(id) })),
      ...deleted.map((id) => ({ value: id, label: `${id} (deleted)` })),
    ];
  }, [profiles, events, names, value]);
  return (
    <SelectField
      label="Profile"
      labelHidden
      className={styles.profile}
      value={value ?? allProfiles}
      options={options}
      onChange={(id) => onChange(id === allProfiles ? null : id)}
    />
  );
}

interface TimelineToolsProps {
  filter: EventFilter;
  onChange: (part: Partial<EventFilter>) => void;
  /** The choice of a profile, where there is one. */
  profile: ReactNode;
  /** What stands at the end: how many there are, and what can be done with them. */
  children: ReactNode;
}

/** The bar above the timeline. */
export function TimelineTools({ filter, onChange, profile, children }: TimelineToolsProps) {
  return (
    <search className={styles.tools} aria-label="Filter events">
      {profile}
      <SegmentedControl
        label="What"
        value={filter.what}
        onChange={(what) => onChange({ what })}
        options={kinds}
      />
      <div className={styles.text}>
        <TextField
          label="Filter events"
          labelHidden
          type="search"
          placeholder="Filter by title, cause or persona"
          value={filter.text}
          onChange={(text) => onChange({ text })}
        />
      </div>
      {children}
    </search>
  );
}

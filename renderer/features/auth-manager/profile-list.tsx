import { statusKey } from '../../api/snapshot.ts';
import { useProject, useSnapshot } from '../../api/use-engine.ts';
import { useNow } from '../../api/use-now.ts';
import { StatusDot } from '../../ui/chip.tsx';
import place from '../../ui/place.module.css';
import { TextField } from '../../ui/text-field.tsx';
import { NewProfile } from './new-profile/new-profile.tsx';
import { activePersona, personaNames } from './personas.ts';
import { useManager } from './stores.ts';
import { profileWords, summarize } from './token-words.ts';

function Rows({ selected }: { selected: string | null }) {
  const now = useNow();
  const profiles = useProject((project) => project.profiles);
  const statuses = useSnapshot((snapshot) => snapshot.tokens.statuses);
  const chosen = useSnapshot(({ settings }) => settings.personas);
  const filter = useManager((state) => state.filter)
    .trim()
    .toLowerCase();
  const select = useManager((state) => state.select);
  const shown = profiles.filter(({ profile }) => profile.name.toLowerCase().includes(filter));
  if (shown.length === 0) {
    return (
      <p className={place.none}>{filter === '' ? 'No profile yet.' : 'No profile has this in its name.'}</p>
    );
  }
  return (
    <ul className={place.rows} aria-label="Profiles">
      {shown.map((entry) => {
        const { id, profile } = entry;
        const persona = activePersona(entry, chosen);
        const { tone, short } = summarize(statuses[statusKey(id, persona)], now);
        const named = personaNames(profile, persona).length > 1 ? [persona] : [];
        return (
          <li key={id}>
            <button
              type="button"
              className={place.row}
              aria-current={id === selected}
              aria-label={[profile.name, ...named, short].join(', ')}
              onClick={() => select(id)}
            >
              <StatusDot tone={tone} />
              <b>{profile.name}</b>
              <em>{short}</em>
              <small>{[...named, profileWords(profile)].join(' · ')}</small>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** The profiles of the project, each with how its token stands. */
export function ProfileList({ selected }: { selected: string | null }) {
  const filter = useManager((state) => state.filter);
  const setFilter = useManager((state) => state.setFilter);
  return (
    <div className={place.list}>
      <div className={place.listHead}>
        <h2>Auth Manager</h2>
        <NewProfile />
      </div>
      <div className={place.filter}>
        <TextField
          label="Filter profiles"
          labelHidden
          type="search"
          placeholder="Filter profiles"
          value={filter}
          onChange={setFilter}
        />
      </div>
      <Rows selected={selected} />
    </div>
  );
}

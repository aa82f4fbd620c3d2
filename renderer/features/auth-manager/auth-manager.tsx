import { type ReactNode, useEffect } from 'react';
import { useProject } from '../../api/use-engine.ts';
import { classes } from '../../ui/classes.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import place from '../../ui/place.module.css';
import { Tabs } from '../../ui/tabs.tsx';
import { Timeline } from '../history/index.ts';
import { ProfileHeader } from './profile-header.tsx';
import { ProfileList } from './profile-list.tsx';
import { SaveFailure } from './save-failure.tsx';
import { ProfileSettings } from './settings/profile-settings.tsx';
import { useManager, usePersona, useProfile, useTokenStore } from './stores.ts';
import { TokenPanel } from './token-panel.tsx';
import { TokenTab } from './token-tab.tsx';

function ProfileDetail({ id, automation }: { id: string; automation: (profile: string) => ReactNode }) {
  const entry = useProfile(id);
  const tab = useManager((state) => state.tab);
  const setTab = useManager((state) => state.setTab);
  const failure = useManager((state) => state.failures[`${id}:delete`]);
  const persona = usePersona(id);
  const look = useTokenStore((state) => state.look);
  useEffect(() => look(id, persona), [look, id, persona]);
  if (entry === undefined) return null;
  return (
    <main className={place.main}>
      <ProfileHeader id={id} profile={entry.profile} />
      <div className={place.problems}>
        {failure && <ErrorPanel error={failure} />}
        <SaveFailure profile={id} />
      </div>
      <Tabs
        label="Profile"
        value={tab}
        onChange={setTab}
        tabs={[
          { value: 'settings', label: 'Settings', content: <ProfileSettings id={id} /> },
          { value: 'automation', label: 'Automation', content: automation(id) },
          { value: 'token', label: 'Token', content: <TokenTab profile={id} /> },
          { value: 'timeline', label: 'Timeline', content: <Timeline profile={id} /> },
        ]}
      />
    </main>
  );
}

/** The Auth Manager: the profiles, one of them, and what its token is doing. `automation` fills that tab. */
export function AuthManager({ automation }: { automation: (profile: string) => ReactNode }) {
  const profiles = useProject((project) => project.profiles);
  const wanted = useManager((state) => state.selected);
  const selected = (profiles.find(({ id }) => id === wanted) ?? profiles[0])?.id ?? null;
  return (
    <div className={classes(place.place, selected !== null && place.withSide)}>
      <ProfileList selected={selected} />
      {selected === null ? (
        <main className={place.main}>
          <EmptyState
            title="No profile yet"
            text="A profile says how to obtain tokens from one authorization server with one client. Make one with New."
          />
        </main>
      ) : (
        <>
          <ProfileDetail key={selected} id={selected} automation={automation} />
          <TokenPanel profile={selected} />
        </>
      )}
    </div>
  );
}

import { useMemo, useState } from 'react';
import { keptTokenEvents, type TokenEvent } from '../../../shared/model/token.ts';
import { useProject } from '../../api/use-engine.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import place from '../../ui/place.module.css';
import { type EventFilter, filterEvents } from './event-filter.ts';
import { downloadText, exportFileName, exportText } from './export-events.ts';
import { useNames } from './names.ts';
import styles from './timeline.module.css';
import { TimelineList } from './timeline-list.tsx';
import { ProfileFilter, TimelineTools } from './timeline-tools.tsx';
import { useTokenEvents } from './use-token-events.ts';

const everything: EventFilter = { profile: null, what: 'all', text: '' };

function countWords(shown: number, all: number): string {
  const kept = all >= keptTokenEvents ? ', the most that are kept' : '';
  return `${shown.toLocaleString()} of ${all.toLocaleString()} events${kept}`;
}

function ExportButton({ events }: { events: readonly TokenEvent[] }) {
  const project = useProject(({ name }) => name);
  function exportEvents(): void {
    const timeline = { project, events, nowMs: Date.now() };
    downloadText(exportFileName(timeline), exportText(timeline));
  }
  return (
    <Button disabled={events.length === 0} onClick={exportEvents}>
      Export JSON
    </Button>
  );
}

function FilteredEvents({ events, profile }: { events: readonly TokenEvent[]; profile: string | null }) {
  const names = useNames();
  const [filter, setFilter] = useState(everything);
  const shown = useMemo(() => filterEvents(events, filter), [events, filter]);
  const change = (part: Partial<EventFilter>) => setFilter((before) => ({ ...before, ...part }));
  return (
    <>
      <TimelineTools
        filter={filter}
        onChange={change}
        profile={
          profile === null && (
            <ProfileFilter
              events={events}
              names={names}
              value={filter.profile}
              onChange={(next) => change({ profile: next })}
            />
          )
        }
      >
        <span className={styles.count} role="status">
          {countWords(shown.length, events.length)}
        </span>
        <ExportButton events={shown} />
      </TimelineTools>
      {shown.length === 0 ? (
        <EmptyState title="Nothing matches" text="No event passes this filter.">
          <Button onClick={() => setFilter(everything)}>Clear filter</Button>
        </EmptyState>
      ) : (
        <TimelineList
          // Another filter begins at the top again.
          key={JSON.stringify(filter)}
          events={shown}
          names={names}
          profileKnown={profile !== null}
        />
      )}
    </>
  );
}

function Events({ profile }: { profile: string | null }) {
  const events = useTokenEvents(profile);
  if (events.length > 0) return <FilteredEvents events={events} profile={profile} />;
  return (
    <EmptyState
      title="Nothing has happened yet"
      text="Every token obtained, refreshed or refused will stand here, with its cause."
    />
  );
}

/** Everything that happened to a profile's tokens, newest first. */
export function Timeline({ profile }: { profile: string }) {
  return (
    <div className={styles.timeline}>
      <Events profile={profile} />
    </div>
  );
}

/** The place for everything that happened to all tokens of the project. */
export function TimelinePlace() {
  return (
    <main className={place.main}>
      <div className={place.head}>
        <h1 className={place.title}>Timeline</h1>
      </div>
      <Events profile={null} />
    </main>
  );
}

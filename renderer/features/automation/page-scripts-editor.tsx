import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useProfile } from '../auth-manager/index.ts';
import styles from './automation.module.css';
import { PageScriptCard } from './page-script-card.tsx';
import { isChanged, type PageRow, type PageScriptState, pageScriptsOf } from './page-script-store.ts';
import pageStyles from './page-scripts.module.css';
import { scriptOf, sourceOf } from './script-store.ts';
import { usePageScripts, useScripts } from './stores.ts';

/** How long after the last key the page scripts are looked at for syntax errors. */
const idleMs = 400;

function footOf(pages: PageScriptState): string {
  if (pages.changedOutside) return 'The file was changed outside. Saving replaces it with what is here.';
  if (isChanged(pages)) return 'Not saved yet.';
  if (pages.rows.length === 0) return 'Without a page script, the consent screens wait for a person.';
  return 'Saved. They end by themselves when the redirect comes.';
}

/** Which card is dragged, and beside which it would be put. */
interface Drag {
  key: number;
  over: { key: number; half: 'before' | 'after' } | null;
}

function Cards({ profile, pages }: { profile: string; pages: PageScriptState }) {
  const { rows, syntax } = pages;
  const { edit, remove, move } = usePageScripts((state) => state);
  const [drag, setDrag] = useState<Drag | null>(null);
  const [told, setTold] = useState('');
  const focused = useRef<HTMLElement | null>(null);

  // A card that changes its place in the document loses the focus.
  useEffect(() => {
    if (rows.length > 0) focused.current?.focus();
    focused.current = null;
  }, [rows]);

  function moveTo(row: PageRow, to: number): void {
    if (to < 0 || to >= rows.length) return;
    focused.current = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    move(profile, row.key, to);
    setTold(`${row.name} is now ${to + 1} of ${rows.length}.`);
  }

  function onDrop(): void {
    const row = rows.find(({ key }) => key === drag?.key);
    const over = drag?.over;
    setDrag(null);
    if (row === undefined || !over || over.key === row.key) return;
    const others = rows.filter((each) => each !== row);
    moveTo(row, others.findIndex(({ key }) => key === over.key) + (over.half === 'after' ? 1 : 0));
  }

  return (
    <>
      <ol className={pageStyles.list} aria-label="Page scripts in order">
        {rows.map((row, index) => (
          <PageScriptCard
            key={row.key}
            row={row}
            index={index}
            count={rows.length}
            syntax={syntax[row.key]}
            dragging={drag !== null}
            drop={drag?.over?.key === row.key && drag.key !== row.key ? drag.over.half : undefined}
            onEdit={(patch) => edit(profile, row.key, patch)}
            onRemove={() => {
              remove(profile, row.key);
              setTold(`${row.name} was deleted.`);
            }}
            onMove={(to) => moveTo(row, to)}
            onDragStart={() => setDrag({ key: row.key, over: null })}
            onDragEnd={() => setDrag(null)}
            onDragOver={(half) => setDrag((now) => now && { ...now, over: { key: row.key, half } })}
            onDrop={onDrop}
          />
        ))}
      </ol>
      <p className={pageStyles.told} role="status">
        {told}
      </p>
    </>
  );
}

/** A profile's page scripts: ordered pieces of JavaScript that run inside the pages of the login. */
export function PageScriptsEditor({ profile, onConverted }: { profile: string; onConverted: () => void }) {
  const pages = usePageScripts((state) => pageScriptsOf(state, profile));
  const { read, add, check, save, discard, convert } = usePageScripts((state) => state);
  const script = useScripts((state) => scriptOf(state, profile));
  const entry = useProfile(profile);
  const [asking, setAsking] = useState(false);

  // `entry` changes with each edit of the project from outside, the page scripts' file among them.
  useEffect(() => {
    if (entry !== undefined) void read(profile);
  }, [profile, entry, read]);

  const rows = pages?.rows;
  useEffect(() => {
    if (rows === undefined) return;
    const timer = setTimeout(() => void check(profile), idleMs);
    return () => clearTimeout(timer);
  }, [profile, rows, check]);

  if (pages === undefined) return <div className={styles.script} />;

  async function convertNow(): Promise<void> {
    if (await convert(profile)) onConverted();
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (!(event.ctrlKey || event.metaKey) || event.key !== 's') return;
    event.preventDefault();
    void save(profile);
  }

  return (
    <section className={pageStyles.pages} aria-label="Page scripts" onKeyDown={onKeyDown}>
      <div className={styles.head}>
        <div>
          <h3>Page scripts</h3>
          <p className={styles.text}>JavaScript in the pages, in order, as in ReadyAPI and SoapUI</p>
        </div>
        <div className={styles.buttons}>
          <Button
            disabled={pages.rows.length === 0}
            onClick={() =>
              script !== undefined && sourceOf(script) !== '' ? setAsking(true) : void convertNow()
            }
          >
            Convert to a Playwright script
          </Button>
          <Button disabled={!isChanged(pages) || pages.saving} onClick={() => void save(profile)}>
            Save page scripts
          </Button>
        </div>
      </div>
      <p className={styles.text}>
        Each runs once the page at its URL is there, or what it names is visible; with neither, at the next
        page load.
      </p>
      <Cards profile={profile} pages={pages} />
      <div className={pageStyles.foot}>
        <Button small onClick={() => add(profile)}>
          <Icon name="plus" size={13} />
          Add page script
        </Button>
        <p className={styles.foot} aria-live="polite">
          {footOf(pages)}
        </p>
        {pages.changedOutside && (
          <Button kind="link" onClick={() => discard(profile)}>
            Take what is in the file
          </Button>
        )}
      </div>
      {pages.failure !== null && <ErrorPanel error={pages.failure} />}
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        title="Replace what is in the script editor?"
        description="There is a Playwright script already. The converted one takes its place in the editor; the file changes only when you save it."
        confirm="Replace"
        onConfirm={() => void convertNow()}
      />
    </section>
  );
}

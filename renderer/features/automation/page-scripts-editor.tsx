import { useEffect, useRef, useState } from 'react';
import type { PageScript } from '../../../shared/model/page-script.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Icon } from '../../ui/icon.tsx';
import { onSaveKey } from '../../ui/save-key.ts';
import { useProfile } from '../auth-manager/index.ts';
import styles from './automation.module.css';
import { ConflictBar } from './conflict-bar.tsx';
import { PageScriptCards } from './page-script-cards.tsx';
import { isChanged, type PageScriptState, pageScriptsOf } from './page-script-store.ts';
import pageStyles from './page-scripts.module.css';
import { scriptOf, sourceOf } from './script-store.ts';
import { usePageScripts, useScripts } from './stores.ts';
import { idleMs } from './syntax-words.ts';

function footOf(pages: PageScriptState): string {
  if (isChanged(pages)) return 'Not saved yet.';
  if (pages.rows.length === 0) return 'Without a page script, the consent screens wait for a person.';
  return 'Saved. They end by themselves when the redirect comes.';
}

/** The page scripts as one text, for the comparison with what the file holds. */
function asText(pages: readonly PageScript[]): string {
  return pages
    .map(({ name, url, selector, source }, index) =>
      [
        `// ${index + 1}. ${name}`,
        ...(url === '' ? [] : [`// Runs at URL: ${url}`]),
        ...(selector === '' ? [] : [`// When this is visible: ${selector}`]),
        source,
      ].join('\n'),
    )
    .join('\n\n');
}

/** A profile's page scripts: ordered pieces of JavaScript that run inside the pages of the login. */
export function PageScriptsEditor({ profile, onConverted }: { profile: string; onConverted: () => void }) {
  const pages = usePageScripts((state) => pageScriptsOf(state, profile));
  const { read, add, check, save, keepMine, takeTheirs, convert } = usePageScripts((state) => state);
  const script = useScripts((state) => scriptOf(state, profile));
  const entry = useProfile(profile);
  const [asking, setAsking] = useState(false);
  const addButton = useRef<HTMLButtonElement>(null);

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

  return (
    <section
      className={pageStyles.pages}
      aria-label="Page scripts"
      onKeyDown={onSaveKey(() => void save(profile))}
    >
      <div className={styles.head}>
        <div>
          <h3>Page scripts</h3>
          <p className={styles.text}>As in ReadyAPI and SoapUI, inside the pages</p>
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
          <Button
            disabled={!isChanged(pages) || pages.saving || pages.conflict !== null}
            onClick={() => void save(profile)}
          >
            Save page scripts
          </Button>
        </div>
      </div>
      <p className={styles.text}>
        Each runs once the page at its URL is there, or what it names is visible; with neither, at the next
        page load.
      </p>
      <ConflictBar
        texts={pages.conflict && { mine: asText(pages.rows), theirs: asText(pages.conflict.theirs) }}
        title="Your page scripts and the file"
        onKeepMine={() => keepMine(profile)}
        onTakeTheirs={() => takeTheirs(profile)}
        onChosen={() => addButton.current?.focus()}
      />
      <PageScriptCards profile={profile} pages={pages} addButton={addButton} />
      <div className={pageStyles.foot}>
        <Button ref={addButton} small onClick={() => add(profile)}>
          <Icon name="plus" size={13} />
          Add page script
        </Button>
        <p className={styles.foot} aria-live="polite">
          {footOf(pages)}
        </p>
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

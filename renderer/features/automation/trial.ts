import type { AutomationKind } from '../../../shared/model/profile.ts';
import type { Trial } from '../../../shared/model/test-run.ts';
import { type PageRow, pagesIn } from './page-script-store.ts';

/** What a test run tries of what stands in the editors, saved or not; null: there is nothing to try. */
export function trialOf(
  kind: AutomationKind,
  { source, rows }: { source: string; rows: readonly PageRow[] },
): Trial | null {
  if (kind === 'script') return source.trim() === '' ? null : { kind, source };
  return rows.length === 0 ? null : { kind, pages: pagesIn(rows) };
}

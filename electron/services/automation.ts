import { basename } from 'node:path';
import { type AutomationKind, automationFile } from '../../shared/model/profile.ts';
import type { Automation } from '../consent/unattended.ts';
import { readPageScripts, readScript } from '../projects/project-changes.ts';

/** What works a profile's consent screens, as it lies on disk now; null: it is not there. */
export async function readAutomation(
  folder: string,
  id: string,
  kind: AutomationKind,
): Promise<Automation | null> {
  const fileName = basename(automationFile(id, kind));
  if (kind === 'page_scripts') {
    const pages = await readPageScripts(folder, id);
    return pages.length === 0 ? null : { kind, pages, fileName };
  }
  const source = await readScript(folder, id);
  return source === null ? null : { kind, source, fileName };
}

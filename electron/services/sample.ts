import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProjectState } from '../../shared/contract/calls.ts';
import { AppError } from '../../shared/errors.ts';
import { sampleEnvironment, sampleSecrets, writeSampleProject } from '../projects/sample-project.ts';
import type { Host } from './host.ts';
import type { SettingsService } from './settings.ts';
import type { Variables } from './variables.ts';
import type { Workspace } from './workspace.ts';

/** The sample project on the playground: made at its first opening, and left as the person left it from then on. */
export interface Sample {
  open(): Promise<ProjectState>;
  /**
   * Gives the vault the sample's public secrets that it lacks, if the sample is what is open: the vault may have been
   * shut when the sample was made, or may keep nothing over a restart.
   */
  seed(): Promise<void>;
}

/** Whatever keeps the vault shut is shown by itself, and the secret as missing where it is used. */
function ignoreKnown(thrown: unknown): void {
  if (!(thrown instanceof AppError)) throw thrown;
}

interface SampleParts {
  host: Pick<Host, 'projectsFolder'>;
  workspace: Workspace;
  variables: Variables;
  settings: SettingsService;
}

export function createSample({ host, workspace, variables, settings }: SampleParts): Sample {
  // Where it is, or goes at the first start.
  const folder = join(host.projectsFolder, 'playground-sample');

  async function seed(): Promise<void> {
    const state = workspace.state();
    const real = await realpath(folder).catch(() => null);
    if (state.kind === 'closed' || state.project.folder !== real) return;
    const missing = (await variables.listSecrets()).filter(({ stored }) => !stored).map(({ name }) => name);
    for (const { name, value } of sampleSecrets) {
      if (missing.includes(name)) await variables.saveSecret(name, value);
    }
  }

  return {
    seed: () => seed().catch(ignoreKnown),
    async open() {
      let madeHere = false;
      try {
        await writeSampleProject(folder);
        madeHere = true;
        settings.chooseEnvironment(await realpath(folder), sampleEnvironment);
      } catch (thrown) {
        // It was made at an earlier start.
        if (!(thrown instanceof AppError) || thrown.code !== 'project_exists') throw thrown;
      }
      const state = await workspace.open(folder, madeHere);
      await seed().catch(ignoreKnown);
      return state;
    },
  };
}

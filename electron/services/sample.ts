import { realpath } from 'node:fs/promises';
import type { ProjectState } from '../../shared/contract/calls.ts';
import { AppError } from '../../shared/errors.ts';
import { sampleEnvironment, sampleSecrets, writeSampleProject } from '../projects/sample-project.ts';
import type { SettingsService } from './settings.ts';
import type { Variables } from './variables.ts';
import { makeParent, type Workspace } from './workspace.ts';

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

export function createSample(workspace: Workspace, variables: Variables, settings: SettingsService): Sample {
  async function seed(): Promise<void> {
    const state = workspace.state();
    const folder = await realpath(workspace.samplesFolder()).catch(() => null);
    if (state.kind === 'closed' || state.project.folder !== folder) return;
    const missing = (await variables.listSecrets()).filter(({ stored }) => !stored).map(({ name }) => name);
    for (const { name, value } of sampleSecrets) {
      if (missing.includes(name)) await variables.saveSecret(name, value);
    }
  }

  return {
    seed: () => seed().catch(ignoreKnown),
    async open() {
      const folder = workspace.samplesFolder();
      let madeHere = false;
      await makeParent(folder);
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

import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import type { Project } from '../../shared/model/project.ts';
import { deviceVar, scriptEditorConfig, scriptTypes } from '../../shared/script-api/script-types.ts';
import { writeFileAtomic } from '../files/atomic-write.ts';
import { look, readText } from './project-files.ts';
import { editorConfigPath, scriptTypesPath } from './project-paths.ts';

/** The names that a project's scripts may find in `vars`: of all personas and all environments. */
function varsOf({ profiles, environments }: Project): string[] {
  const values = profiles.flatMap(({ profile }) => profile.personas.flatMap((persona) => persona.values));
  const variables = environments.flatMap(({ environment }) => [
    ...Object.keys(environment.variables),
    ...environment.secrets,
  ]);
  const byDevice = profiles.some(({ profile }) => profile.grant.kind === 'device_code');
  return [...values.map(({ name }) => name), ...variables, ...(byDevice ? [deviceVar] : [])];
}

/**
 * Puts beside a project's scripts what an editor needs to complete them: the type file, written when its text is another
 * one, and the editor's configuration, written when there is none. Never makes a folder. Where it cannot write (a
 * read-only folder, something else in the way) it leaves things as they are: the scripts work without.
 */
export async function writeScriptTypes(project: Project): Promise<void> {
  if (!project.profiles.some(({ hasScript }) => hasScript)) return;
  try {
    if ((await look(project.folder, 'scripts')) !== 'folder') return;
    const types = scriptTypes(varsOf(project));
    if ((await readText(project.folder, scriptTypesPath)) !== types) {
      await writeFileAtomic(join(project.folder, scriptTypesPath), types);
    }
    if ((await look(project.folder, editorConfigPath)) === 'missing') {
      await writeFileAtomic(join(project.folder, editorConfigPath), scriptEditorConfig);
    }
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
  }
}

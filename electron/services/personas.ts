import { AppError } from '../../shared/errors.ts';
import type { RequestAuth } from '../../shared/model/request.ts';
import { saveFolder, saveProfile, saveRequest } from '../projects/project-changes.ts';
import { readProject } from '../projects/project-folder.ts';
import type { ProfileTokens } from './profile-tokens.ts';
import { activePersona, personaIn, profileIn, type Scope } from './scope.ts';
import type { Workspace } from './workspace.ts';

/** The same auth with a persona's new name, if it names that persona. */
function renamedIn(auth: RequestAuth, profile: string, from: string, to: string): RequestAuth | null {
  const names = auth.kind === 'profile' && auth.profile === profile && auth.persona === from;
  return names ? { ...auth, persona: to } : null;
}

/** Profile, requests and folders that name a persona get its new name. */
async function renameInProject(scope: Scope, profile: string, from: string, to: string): Promise<void> {
  const { project } = scope;
  const saved = profileIn(scope, profile).profile;
  for (const { id, request } of project.requests) {
    const auth = renamedIn(request.auth, profile, from, to);
    if (auth !== null) await saveRequest(project.folder, id, { ...request, auth });
  }
  for (const { id, folder } of project.folders) {
    const auth = renamedIn(folder.auth, profile, from, to);
    if (auth !== null) await saveFolder(project.folder, id, { ...folder, auth });
  }
  // Last: until then the old name holds, and a renaming that failed can be done again.
  const personas = saved.personas.map((each) => (each.name === from ? { ...each, name: to } : each));
  await saveProfile(project.folder, profile, { ...saved, personas });
}

/**
 * Gives a persona of a profile another name, and takes along what hangs on the name: its token sets and sessions, the
 * choice of it, and the requests that name it. Throws `persona_not_found`, `name_taken`, and as any write.
 */
export async function renamePersona(
  { workspace, tokens }: { workspace: Workspace; tokens: ProfileTokens },
  { profile: id, from, to }: { profile: string; from: string; to: string },
): Promise<void> {
  const scope = workspace.scope();
  const { profile } = profileIn(scope, id);
  personaIn(scope, id, from);
  if (from === to) return;
  if (profile.personas.some(({ name }) => name === to)) {
    throw new AppError('name_taken', `“${profile.name}” has a persona “${to}” already.`, {
      action: 'Choose another name.',
    });
  }
  const isActive = activePersona(scope, id) === from;
  const old = tokens.ownersOf(id).filter(({ key }) => key.persona === from);
  // Anew, and by its folder: the wait for an update under way may be long, and another project open after it.
  const readScope = async () => ({ ...scope, project: await readProject(scope.project.folder) });
  await tokens.movePersona(id, { from, to }, async () => {
    await renameInProject(await readScope(), id, from, to);
    await workspace.reload();
  });
  try {
    if (isActive) await workspace.choosePersona(id, to, await readScope());
  } finally {
    // Also whatever waited meanwhile, and began with a name that is no more.
    await tokens.drop(old);
  }
}

import { AppError } from '../../shared/errors.ts';
import type { Project } from '../../shared/model/project.ts';
import type { RequestAuth } from '../../shared/model/request.ts';
import { folderPath } from './project-paths.ts';

/**
 * Resolves `inherit` through the folders above a request, nearest first; none above means no token. Throws
 * `project_file_invalid` when a folder on the way cannot be read: to send without its token would be a silent change.
 */
export function effectiveAuth(
  project: Pick<Project, 'folders' | 'problems'>,
  requestId: string,
  auth: RequestAuth,
): RequestAuth {
  const parts = requestId.split('/').slice(0, -1);
  let found = auth;
  while (found.kind === 'inherit' && parts.length > 0) {
    const id = parts.join('/');
    const file = folderPath(id);
    if (project.problems.some((problem) => problem.details?.file === file)) {
      throw new AppError(
        'project_file_invalid',
        `requests/${requestId}.json inherits its auth from ${file}, which cannot be read.`,
        {
          action: `Mend ${file}, or choose the request's own auth.`,
          details: { file: `requests/${requestId}.json` },
        },
      );
    }
    found = project.folders.find((folder) => folder.id === id)?.folder.auth ?? found;
    parts.pop();
  }
  return found.kind === 'inherit' ? { kind: 'none' } : found;
}

import type { EngineStore } from './engine-store.ts';
import { openFolder } from './snapshot.ts';

/** Calls `forget` whenever another project has been opened, or none is open any more. */
export function onOtherProject(engine: EngineStore, forget: () => void): void {
  let folder = openFolder(engine.getState().snapshot);
  engine.subscribe(({ snapshot }) => {
    if (openFolder(snapshot) === folder) return;
    folder = openFolder(snapshot);
    forget();
  });
}

/** Tells later whether the open project is still that of this moment: another may have a thing of the same id. */
export function sameProject(engine: EngineStore): () => boolean {
  const folder = openFolder(engine.getState().snapshot);
  return () => openFolder(engine.getState().snapshot) === folder;
}

import { createProfileDrafts } from '../../../../renderer/features/auth-manager/index.ts';
import { createManagerStore } from '../../../../renderer/features/auth-manager/manager-store.ts';
import { createSecretStore } from '../../../../renderer/features/auth-manager/secret-store.ts';
import type { Handlers } from '../../../../shared/contract/router.ts';
import { fakeEngine, readyStore, sampleProject } from '../../fake-engine.ts';

/** What the stores of the Automation tab are made of, over a fake engine with the profile `orders`. */
export async function start(handlers: Partial<Handlers> = {}) {
  const wire = fakeEngine({
    'scripts.read': async () => ({ source: 'saved();' }),
    'scripts.check': async () => ({ error: null }),
    ...handlers,
  });
  const engine = await readyStore(wire);
  const drafts = createProfileDrafts(engine);
  const secrets = createSecretStore({ engine, drafts, manager: createManagerStore({ engine, drafts }) });
  return {
    ...{ wire, engine, drafts, secrets },
    /** The names of the calls that came since. */
    called: () => wire.log.map(({ name }) => name),
    /** Opens another project, whose profile has the same id. */
    openOther: () => {
      const project = sampleProject('/projects/other');
      wire.emit({ kind: 'project', state: { kind: 'open', trusted: true, project } });
    },
  };
}

/** Something that is waited for until `open` is called. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

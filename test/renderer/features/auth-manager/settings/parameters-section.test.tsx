import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import type { StoreApi } from 'zustand';
import { EngineProvider } from '../../../../../renderer/api/use-engine.ts';
import { usesOf } from '../../../../../renderer/features/auth-manager/form/uses.ts';
import { ParametersSection } from '../../../../../renderer/features/auth-manager/settings/parameters-section.tsx';
import {
  ManagerProvider,
  ProfileDraftsProvider,
  useProfileEditor,
} from '../../../../../renderer/features/auth-manager/stores.ts';
import type { Parameter } from '../../../../../shared/model/parameter.ts';
import { start } from '../rig.ts';

/** A store whose state of this moment is rendered: what is rendered to text sees the first one alone. */
function asItIs<State>(store: StoreApi<State>): StoreApi<State> {
  return { ...store, getInitialState: store.getState };
}

function Section() {
  const editor = useProfileEditor('orders');
  return editor && <ParametersSection editor={editor} uses={usesOf(editor.form)} />;
}

/** The section of a profile with this parameter, as it is typed. */
async function shown(parameter: Pick<Parameter, 'name' | 'to'>): Promise<string> {
  const { engine, manager, drafts } = await start();
  drafts.getState().edit('orders', { parameters: [{ value: 'x', in: 'body', ...parameter }] });
  return renderToStaticMarkup(
    <EngineProvider value={asItIs(engine)}>
      <ManagerProvider value={asItIs(manager)}>
        <ProfileDraftsProvider value={asItIs(drafts)}>
          <Section />
        </ProfileDraftsProvider>
      </ManagerProvider>
    </EngineProvider>,
  );
}

it('says of a parameter what it is for, or what is wrong with it, and never both', async () => {
  const unknown = 'A parameter of this server’s own.';
  expect(await shown({ name: 'house', to: ['token'] })).toContain(unknown);
  const reserved = await shown({ name: 'client_id', to: ['token'] });
  expect(reserved).toContain('client_id has its own field');
  expect(reserved).not.toContain(unknown);
  const nowhere = await shown({ name: 'house', to: [] });
  expect(nowhere).toContain('Choose the request that it goes to');
  expect(nowhere).not.toContain('it goes nowhere');
});

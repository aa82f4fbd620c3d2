import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog, NameDialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import styles from './persona.module.css';
import { PersonaChoice } from './persona-choice.tsx';
import type { ValueRow } from './persona-form.ts';
import { type ProfileEditor, usePersona, usePersonaStore, useProfileEditor } from './stores.ts';
import { ValueRows } from './value-rows.tsx';

type Question = 'add' | 'rename' | 'remove';

interface DialogsProps {
  profile: string;
  persona: string;
  asking: Question | null;
  onClose: () => void;
  /** Called with the persona to show next. */
  onShow: (name: string) => void;
}

function Dialogs({ profile, persona, asking, onClose, onShow }: DialogsProps) {
  const { add, rename, remove } = usePersonaStore((state) => state);
  return (
    <>
      {asking === 'add' && (
        <NameDialog
          open
          onClose={onClose}
          title="New persona"
          description="Another user of this profile, with values and a token of its own."
          submit="Add persona"
          onSubmit={async (name) => {
            const failure = await add(profile, name);
            if (failure === null) onShow(name);
            return failure;
          }}
        />
      )}
      {asking === 'rename' && (
        <NameDialog
          open
          onClose={onClose}
          title="Rename persona"
          description="Its tokens, its session and the requests that name it go along."
          submit="Rename"
          initial={persona}
          onSubmit={async (name) => {
            const failure = await rename(profile, persona, name);
            if (failure === null) onShow(name);
            return failure;
          }}
        />
      )}
      <ConfirmDialog
        open={asking === 'remove'}
        onClose={onClose}
        title="Remove this persona?"
        description={`“${persona}”, its values and its tokens are deleted. Requests that name it are not sent until they name another.`}
        confirm="Remove persona"
        onConfirm={() => void remove(profile, persona)}
      />
    </>
  );
}

/** The persona on the screen: the one chosen here, until another becomes the active one. */
function useShownPersona(profile: string, { form }: ProfileEditor) {
  const active = usePersona(profile);
  const [chosen, setChosen] = useState({ active, name: active });
  const wanted = chosen.active === active ? chosen.name : active;
  const shown =
    form.personas.find(({ name }) => name === wanted) ?? form.personas.find(({ name }) => name === active);
  return {
    shown: shown ?? form.personas[0] ?? { name: active, values: [] },
    show: (name: string) => setChosen({ active, name }),
  };
}

function Personas({ profile, editor }: { profile: string; editor: ProfileEditor }) {
  const [asking, setAsking] = useState<Question | null>(null);
  const { personas } = editor.form;
  const { shown, show } = useShownPersona(profile, editor);
  const issue = editor.issue('values');
  const withRows = (values: ValueRow[]) => ({
    personas: personas.map((persona) => (persona.name === shown.name ? { ...persona, values } : persona)),
  });
  return (
    <div className={styles.editor}>
      <div className={styles.bar}>
        <PersonaChoice
          label="Persona to edit"
          profile={profile}
          names={personas.map(({ name }) => name)}
          value={shown.name}
          onChange={show}
        />
        <Button small aria-label="Add persona" onClick={() => setAsking('add')}>
          <Icon name="plus" size={13} />
          Add
        </Button>
        <Button small kind="ghost" aria-label="Rename persona" onClick={() => setAsking('rename')}>
          Rename…
        </Button>
        <Button
          small
          kind="ghost"
          aria-label="Remove persona"
          title={personas.length === 1 ? 'A profile needs one persona.' : undefined}
          disabled={personas.length === 1}
          onClick={() => setAsking('remove')}
        >
          Remove…
        </Button>
      </div>
      <ValueRows
        // What is typed into one persona's fields must not stand in another's.
        key={shown.name}
        profile={profile}
        persona={shown}
        onEdit={(values) => editor.edit(withRows(values))}
        onSet={(values) => editor.set(withRows(values))}
        onCommit={editor.commit}
      />
      {issue !== undefined && <p className={styles.error}>{issue}</p>}
      <Dialogs
        profile={profile}
        persona={shown.name}
        asking={asking}
        onClose={() => setAsking(null)}
        onShow={show}
      />
    </div>
  );
}

/** The personas of a profile, and the values of one of them, for the script and for the password grant. */
export function PersonasEditor({ profile }: { profile: string }) {
  const editor = useProfileEditor(profile);
  return editor === undefined ? null : <Personas profile={profile} editor={editor} />;
}

import { type KeyboardEvent, useState } from 'react';
import { type Method, methodSchema } from '../../../shared/model/request.ts';
import { own } from '../../api/own.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { ConfirmDialog, NameDialog } from '../../ui/dialog.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import place from '../../ui/place.module.css';
import { SaveMark } from '../../ui/save-mark.tsx';
import { SelectField, type SelectOption } from '../../ui/select-field.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { AuthTab } from './auth-tab.tsx';
import { BodyTab } from './body-tab.tsx';
import { HeadersTab } from './headers-tab.tsx';
import styles from './requests.module.css';
import { ResponsePanel } from './response-panel.tsx';
import { type RequestEditor, useRequestEditor, useRequests } from './stores.ts';

const methods: readonly SelectOption<Method>[] = methodSchema.options.map((value) => ({
  value,
  label: value,
}));

function Header({ id, editor }: { id: string; editor: RequestEditor }) {
  const [asking, setAsking] = useState<'rename' | 'delete' | null>(null);
  const remove = useRequests((state) => state.remove);
  const { name } = editor.form;
  return (
    <header className={place.head}>
      <div className={place.who}>
        <h1 className={place.title} title={name}>
          {name}
        </h1>
        <SaveMark kind={editor.save?.kind} />
      </div>
      <div className={place.actions}>
        <Menu trigger={<IconButton icon="more" label="More" />}>
          <MenuItem onClick={() => setAsking('rename')}>Rename…</MenuItem>
          <MenuItem danger onClick={() => setAsking('delete')}>
            Delete request…
          </MenuItem>
        </Menu>
      </div>
      {asking === 'rename' && (
        <NameDialog
          open
          onClose={() => setAsking(null)}
          title="Rename request"
          submit="Rename"
          initial={name}
          onSubmit={async (next) => {
            editor.set({ name: next });
            return null;
          }}
        />
      )}
      <ConfirmDialog
        open={asking === 'delete'}
        onClose={() => setAsking(null)}
        title="Delete this request?"
        description={`“${name}” is deleted from the project.`}
        confirm="Delete request"
        onConfirm={() => void remove(id)}
      />
    </header>
  );
}

function RequestLine({ id, editor }: { id: string; editor: RequestEditor }) {
  const sending = useRequests((state) => own(state.sends, id)?.kind === 'sending');
  const { send, cancel } = useRequests((state) => state);
  return (
    <div className={styles.line}>
      <SelectField
        label="Method"
        labelHidden
        mono
        className={styles.methodField}
        value={editor.form.method}
        options={methods}
        onChange={(method) => editor.set({ method })}
      />
      <TextField
        label="URL"
        labelHidden
        mono
        placeholder="https://api.example.com/orders"
        value={editor.form.url}
        error={editor.issue('url')}
        onChange={(url) => editor.edit({ url })}
        onCommit={editor.commit}
      />
      <Button
        kind={sending ? 'plain' : 'primary'}
        className={styles.send}
        onClick={(event) => {
          // The second click of a double click would cancel what the first one has just begun.
          if (event.detail <= 1) void (sending ? cancel(id) : send(id));
        }}
      >
        {sending ? 'Cancel' : 'Send'}
      </Button>
    </div>
  );
}

/** One request: what it is, whose token it carries, and what came of it. Ctrl+Enter sends it from anywhere in it. */
export function RequestEditorView({ id }: { id: string }) {
  const editor = useRequestEditor(id);
  const { tab, setTab, send, failure } = useRequests((state) => state);
  if (editor === undefined) return null;

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.stopPropagation();
    void send(id);
  }

  return (
    <main className={place.main} onKeyDownCapture={onKeyDown}>
      <Header id={id} editor={editor} />
      <RequestLine id={id} editor={editor} />
      {(failure !== null || editor.save?.kind === 'failed') && (
        <div className={place.problems}>
          {failure !== null && <ErrorPanel error={failure} />}
          {editor.save?.kind === 'failed' && <ErrorPanel error={editor.save.error} />}
        </div>
      )}
      <div className={styles.halves}>
        <div className={styles.split}>
          <div className={styles.half}>
            <Tabs
              label="Request"
              value={tab}
              onChange={setTab}
              tabs={[
                { value: 'auth', label: 'Auth', content: <AuthTab editor={editor} /> },
                {
                  value: 'headers',
                  label: 'Headers',
                  count: editor.form.headers.length,
                  content: <HeadersTab editor={editor} />,
                },
                { value: 'body', label: 'Body', content: <BodyTab editor={editor} /> },
              ]}
            />
          </div>
          <ResponsePanel id={id} />
        </div>
      </div>
    </main>
  );
}

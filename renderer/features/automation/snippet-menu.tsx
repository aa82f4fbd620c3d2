import type { EditorView } from '@codemirror/view';
import { type RefObject, useRef } from 'react';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { insertSnippet } from './language/script-language.ts';
import { type ScriptSnippet, scriptSnippets } from './language/snippets.ts';

/** Puts a piece of a script for a common login page into the editor, which then has the focus. */
export function SnippetMenu({ view }: { view: RefObject<EditorView | null> }) {
  const inserted = useRef(false);

  function insert(snippet: ScriptSnippet): void {
    if (view.current === null) return;
    inserted.current = true;
    insertSnippet(view.current, snippet);
  }

  return (
    <Menu
      trigger={
        <Button>
          Snippets
          <Icon name="chevron" size={14} />
        </Button>
      }
      onOpen={() => {
        inserted.current = false;
      }}
      finalFocus={() => (inserted.current ? (view.current?.contentDOM ?? null) : null)}
    >
      {scriptSnippets.map((snippet) => (
        <MenuItem key={snippet.name} onClick={() => insert(snippet)}>
          {snippet.name}
        </MenuItem>
      ))}
    </Menu>
  );
}

import { type EditorState, type Extension, StateEffect, StateField } from '@codemirror/state';
import { type EditorView, hoverTooltip, keymap, showTooltip, type Tooltip } from '@codemirror/view';
import { entryOf } from '../../../../shared/script-api/script-api.ts';
import { entryView, variableView } from './entry-view.ts';
import { nodeAt, ownerOf } from './object-at.ts';
import type { ScriptVar } from './script-vars.ts';

type Vars = () => readonly ScriptVar[];

/** What is known of the name at a place of the script, shown above it; null: nothing. */
function tooltipAt(state: EditorState, pos: number, side: -1 | 0 | 1, vars: Vars): Tooltip | null {
  const node = nodeAt(state, pos, side);
  const name = state.sliceDoc(node.from, node.to);
  const show = (view: HTMLElement): Tooltip => {
    view.setAttribute('role', 'status');
    return { pos: node.from, end: node.to, above: true, create: () => ({ dom: view }) };
  };
  if (node.name === 'PropertyName') {
    const owner = ownerOf(node, state.doc);
    if (owner === 'vars') {
      const known = vars().find((each) => each.name === name);
      return known === undefined ? null : show(variableView(name, known.origin));
    }
    const entry = owner === null ? undefined : entryOf(owner, name);
    return entry === undefined ? null : show(entryView(entry));
  }
  const entry = node.name === 'VariableName' ? entryOf('Global', name) : undefined;
  return entry === undefined ? null : show(entryView(entry));
}

const setTooltip = StateEffect.define<Tooltip | null>();

/** What F1 shows at the cursor, until the cursor moves or the text changes. */
const shownByKey = StateField.define<Tooltip | null>({
  create: () => null,
  update: (shown, transaction) => {
    for (const effect of transaction.effects) if (effect.is(setTooltip)) return effect.value;
    return transaction.docChanged || transaction.selection !== undefined ? null : shown;
  },
  provide: (field) => showTooltip.from(field),
});

function hide(view: EditorView): boolean {
  if (view.state.field(shownByKey) === null) return false;
  view.dispatch({ effects: setTooltip.of(null) });
  return true;
}

/** Shows signature and words of a name under the mouse, and of the one at the cursor by F1; Escape hides them. */
export function scriptHover(vars: Vars): Extension {
  const show = (view: EditorView): boolean => {
    const { head } = view.state.selection.main;
    const found = tooltipAt(view.state, head, -1, vars) ?? tooltipAt(view.state, head, 1, vars);
    view.dispatch({ effects: setTooltip.of(found) });
    return true;
  };
  return [
    shownByKey,
    hoverTooltip((view, pos, side) => tooltipAt(view.state, pos, side, vars)),
    keymap.of([
      { key: 'F1', run: show, preventDefault: true },
      { key: 'Escape', run: hide },
    ]),
  ];
}

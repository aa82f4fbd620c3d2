import type { ScriptApiEntry } from '../../../../shared/script-api/entry.ts';

function element(tag: string, className: string, text: string): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

/** A name of the API as completion and hover show it: signature, what it does, an example. */
export function entryView({ on, name, signatures, docs, example }: ScriptApiEntry): HTMLElement {
  const view = element('div', 'cm-entry', '');
  const owner = on === 'Global' ? '' : `${on}.`;
  for (const signature of signatures)
    view.append(element('code', 'cm-entrySignature', `${owner}${name}${signature}`));
  view.append(element('p', 'cm-entryDocs', docs));
  if (example !== undefined) view.append(element('code', 'cm-entryExample', example));
  return view;
}

/** What stands in `vars`, as completion and hover show it. The value itself is never there. */
export function variableView(name: string, origin: string): HTMLElement {
  const view = element('div', 'cm-entry', '');
  view.append(element('code', 'cm-entrySignature', `vars.${name}: string`));
  view.append(element('p', 'cm-entryDocs', origin));
  return view;
}

import { EditorView } from '@codemirror/view';

const wavy = (colour: string) => ({
  backgroundImage: 'none',
  paddingBottom: '0',
  textDecoration: `underline wavy ${colour}`,
  textDecorationSkipInk: 'none',
  textUnderlineOffset: '3px',
});

const dot = (colour: string) => ({
  content: 'none',
  width: '8px',
  height: '8px',
  margin: '0 auto',
  borderRadius: '50%',
  backgroundColor: colour,
});

/** Completion, hover and lint of the code editor in the app's own tokens. */
export const codePopups = EditorView.theme({
  '.cm-tooltip': {
    backgroundColor: 'var(--raised)',
    color: 'var(--ink)',
    border: '1px solid var(--line-strong)',
    borderRadius: 'var(--radius-m)',
    boxShadow: 'var(--shadow)',
    maxWidth: 'min(520px, 90vw)',
    zIndex: '10',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--mono)',
    fontSize: 'var(--text-s)',
    maxHeight: '220px',
    padding: '4px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': {
    padding: '3px 8px',
    borderRadius: 'var(--radius-s)',
    lineHeight: '1.5',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--accent-soft)',
    color: 'var(--ink)',
  },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '600', color: 'var(--accent-text)' },
  '.cm-completionDetail': { color: 'var(--ink-3)', fontStyle: 'normal', fontFamily: 'var(--font)' },
  '.cm-tooltip.cm-completionInfo': { padding: '0', maxWidth: '420px', width: 'max-content' },
  '.cm-entry': {
    padding: '8px 12px',
    fontFamily: 'var(--font)',
    fontSize: 'var(--text-s)',
    lineHeight: '1.5',
  },
  '.cm-entrySignature': {
    display: 'block',
    fontFamily: 'var(--mono)',
    color: 'var(--accent-text)',
    overflowWrap: 'anywhere',
  },
  '.cm-entryDocs': { margin: '4px 0 0', color: 'var(--ink)' },
  '.cm-entryExample': {
    display: 'block',
    marginTop: '6px',
    padding: '4px 8px',
    borderRadius: 'var(--radius-s)',
    backgroundColor: 'var(--sunken)',
    color: 'var(--ink-2)',
    fontFamily: 'var(--mono)',
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
  },
  '.cm-lintRange-error': wavy('var(--bad)'),
  '.cm-lintRange-warning': wavy('var(--warn)'),
  '.cm-lintRange-active': { backgroundColor: 'var(--hover)' },
  '.cm-gutter-lint': { width: '16px' },
  '.cm-gutter-lint .cm-gutterElement': { padding: '0 4px', display: 'flex', alignItems: 'center' },
  '.cm-lint-marker': { width: '8px', height: '8px' },
  '.cm-lint-marker-error': dot('var(--bad)'),
  '.cm-lint-marker-warning': dot('var(--warn)'),
  '.cm-diagnostic': {
    padding: '6px 12px',
    marginLeft: '0',
    border: 'none',
    fontFamily: 'var(--font)',
    fontSize: 'var(--text-s)',
    lineHeight: '1.5',
    overflowWrap: 'anywhere',
  },
  '.cm-diagnostic-error': { color: 'var(--bad)', borderLeft: 'none' },
  '.cm-diagnostic-warning': { color: 'var(--warn)', borderLeft: 'none' },
  '.cm-panels': { backgroundColor: 'var(--raised)', color: 'var(--ink)', borderColor: 'var(--line)' },
  '.cm-panel.cm-panel-lint ul [aria-selected]': { backgroundColor: 'var(--hover)' },
  '.cm-panel.cm-panel-lint button[name="close"]': { color: 'var(--ink-2)' },
  '.cm-snippetField': { backgroundColor: 'color-mix(in srgb, var(--accent) 22%, transparent)' },
});

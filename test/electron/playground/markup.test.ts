import { describe, expect, it } from 'vitest';
import { html } from '../../../electron/playground/markup.ts';

describe('html', () => {
  it('escapes strings, and leaves markup as it is', () => {
    expect(html`<p title="${`"'<>&`}">${html`<b>${'<i>'}</b>`}</p>`.text).toBe(
      '<p title="&quot;&#39;&lt;&gt;&amp;"><b>&lt;i&gt;</b></p>',
    );
  });

  it('takes lists and numbers', () => {
    expect(html`${[html`<i>`, html`</i>`]}${0}`.text).toBe('<i></i>0');
  });

  it('does not read replacement patterns or escapes out of a value', () => {
    expect(html`${'$& $1 \\n'}`.text).toBe('$&amp; $1 \\n');
  });
});

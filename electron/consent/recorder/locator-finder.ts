import type { FoundBy } from './messages.ts';

type Role = Extract<FoundBy, { by: 'role' }>['role'];

/** Gives the ways to find an element, best first; each finds nothing else in its document, as far as a page can tell. */
export type FindLocators = (element: Element) => FoundBy[];

/**
 * Runs inside a page, before any of its own code; sent there as text, so it refers to nothing outside itself. Texts and
 * names are taken as Playwright takes them.
 */
export function locatorFinder(): { find: FindLocators; labelsOf: (element: Element) => string[] } {
  const longest = 120;
  const clean = (text: string): string => text.replace(/\s+/g, ' ').trim();
  const contentRoles = /^(button|link|tab|menuitem|menuitemcheckbox|menuitemradio|option|switch|treeitem)$/;
  const roles = /^(checkbox|radio|textbox|searchbox|combobox|listbox|spinbutton|slider)$/;
  const isRole = (text: string): text is Role => contentRoles.test(text) || roles.test(text);
  const inputRoles: Record<string, Role> = {
    ...{ button: 'button', submit: 'button', reset: 'button', image: 'button', checkbox: 'checkbox' },
    ...{ radio: 'radio', number: 'spinbutton', search: 'searchbox', range: 'slider' },
    ...{ text: 'textbox', email: 'textbox', tel: 'textbox', url: 'textbox' },
  };

  function everything(root: ParentNode): Element[] {
    return [...root.querySelectorAll('*')].flatMap((element) =>
      element.shadowRoot === null ? [element] : [element, ...everything(element.shadowRoot)],
    );
  }

  function textOf(node: Node, controls: boolean): string {
    if (node.nodeType === Node.TEXT_NODE) return node.nodeValue ?? '';
    if (!(node instanceof Element) || /^(SCRIPT|STYLE|NOSCRIPT|TEMPLATE)$/i.test(node.tagName)) return '';
    if (node instanceof HTMLInputElement) return /^(submit|button|reset)$/.test(node.type) ? node.value : '';
    if (!controls && node.matches('select, textarea, button')) return '';
    const inner = [...node.childNodes, ...(node.shadowRoot?.childNodes ?? [])];
    return inner.map((child) => textOf(child, controls)).join('');
  }

  function labelElements(element: Element): Element[] | null {
    const root = element.getRootNode() as Document | ShadowRoot;
    const ids = (element.getAttribute('aria-labelledby') ?? '').split(/\s+/).filter((id) => id !== '');
    const named = ids.map((id) => root.getElementById(id)).filter((found) => found !== null);
    return named.length === 0 ? null : named;
  }

  /** What labels an element: as it is matched, or (short) without the controls that stand within its label. */
  function labelTexts(element: Element, controls: boolean): string[] {
    const named = labelElements(element);
    if (named !== null) return named.map((each) => clean(textOf(each, controls)));
    const label = clean(element.getAttribute('aria-label') ?? '');
    if (label !== '') return [label];
    const labels = 'labels' in element ? (element.labels as NodeListOf<Element> | null) : null;
    return [...(labels ?? [])].map((each) => clean(textOf(each, controls)));
  }

  function roleOf(element: Element): Role | null {
    const given = (element.getAttribute('role') ?? '').trim().split(/\s+/)[0] ?? '';
    if (given !== '') return isRole(given) ? given : null;
    if (element instanceof HTMLInputElement) return inputRoles[element.type] ?? null;
    if (element instanceof HTMLButtonElement) return 'button';
    if (element instanceof HTMLAnchorElement) return element.hasAttribute('href') ? 'link' : null;
    if (element instanceof HTMLTextAreaElement) return 'textbox';
    if (element instanceof HTMLSelectElement) {
      return element.multiple || element.size > 1 ? 'listbox' : 'combobox';
    }
    return null;
  }

  const shown = (element: Element): boolean =>
    element.checkVisibility({ visibilityProperty: true }) && element.closest('[aria-hidden="true"]') === null;

  function contentName(node: Node): string {
    if (node.nodeType === Node.TEXT_NODE) return node.nodeValue ?? '';
    if (!(node instanceof Element) || !shown(node)) return '';
    const given = node.getAttribute('aria-label') ?? (node instanceof HTMLImageElement ? node.alt : null);
    if (given !== null) return given;
    const text = [...node.childNodes, ...(node.shadowRoot?.childNodes ?? [])].map(contentName).join('');
    return /^inline/.test(getComputedStyle(node).display) ? text : ` ${text} `;
  }

  function nameOf(element: Element, role: string): string {
    const labels = labelTexts(element, true).filter((label) => label !== '');
    if (labels.length > 0) return clean(labels.join(' '));
    if (element instanceof HTMLInputElement && role === 'button') {
      const standing: Record<string, string> = { submit: 'Submit', reset: 'Reset' };
      return clean(element.value || element.alt || standing[element.type] || element.title);
    }
    const content = contentRoles.test(role) ? clean([...element.childNodes].map(contentName).join('')) : '';
    return content || clean(element.getAttribute('title') ?? '');
  }

  /** A text as it is found: as a part of others, else only as the whole; null when that is not the one element. */
  function single(
    all: Element[],
    element: Element,
    text: string,
    textsOf: (each: Element) => string[],
  ): { text: string; exact: boolean } | null {
    if (text === '' || text.length > longest) return null;
    const part = text.toLowerCase();
    const having = all.filter((each) => textsOf(each).some((other) => other.toLowerCase().includes(part)));
    if (having.length === 1 && having[0] === element) return { text, exact: false };
    const same = having.filter((each) => textsOf(each).includes(text));
    return same.length === 1 && same[0] === element ? { text, exact: true } : null;
  }

  const count = (all: Element[], selector: string): number =>
    all.filter((each) => each.matches(selector)).length;
  /** An id that a page makes anew each time finds nothing later. */
  const lasting = (id: string): boolean =>
    /^[A-Za-z][\w-]{0,60}$/.test(id) && !/\d{3}|^_?r_|[0-9a-f]{8}/i.test(id);

  function pathTo(all: Element[], element: Element): string {
    const parts: string[] = [];
    let at: Element | null = element;
    for (; at !== null; at = at.parentElement) {
      const { tagName, id } = at;
      if (lasting(id) && count(all, `#${id}`) === 1) {
        parts.unshift(`#${id}`);
        return parts.join(' > ');
      }
      const like = [...(at.parentElement?.children ?? [])].filter((each) => each.tagName === tagName);
      const place = like.length > 1 ? `:nth-of-type(${like.indexOf(at) + 1})` : '';
      parts.unshift(`${CSS.escape(tagName.toLowerCase())}${place}`);
    }
    const root = element.getRootNode();
    const own = parts.join(' > ');
    return root instanceof ShadowRoot ? `${pathTo(all, root.host)} ${own}` : own;
  }

  function find(element: Element): FoundBy[] {
    const all = everything(document);
    const found: FoundBy[] = [];
    const field = element.matches('input:not([type=submit], [type=button], [type=reset]), select, textarea');
    const attribute = (name: string) => clean(element.getAttribute(name) ?? '');
    const only = (selector: string) => count(all, selector) === 1;
    if (field) {
      const byLabel = (each: Element) => labelTexts(each, true);
      const label = single(all, element, labelTexts(element, false)[0] ?? '', byLabel);
      if (label !== null) found.push({ by: 'label', ...label });
    }
    const role = roleOf(element);
    if (role !== null) {
      const peers = all.filter((each) => roleOf(each) === role && shown(each));
      const name = single(peers, element, nameOf(element, role), (each) => [nameOf(each, role)]);
      if (name !== null) found.push({ by: 'role', role, ...name });
    }
    if (field) {
      const placeholder = single(all, element, attribute('placeholder'), (each) => [
        clean(each.getAttribute('placeholder') ?? ''),
      ]);
      if (placeholder !== null) found.push({ by: 'placeholder', ...placeholder });
    } else {
      const innermost = all.filter((each) => !each.contains(element) || each === element);
      const visibleText = single(innermost, element, clean(textOf(element, true)), (each) => [
        clean(textOf(each, true)),
      ]);
      if (visibleText !== null) found.push({ by: 'text', ...visibleText });
    }
    const testId = element.getAttribute('data-testid') ?? '';
    if (testId !== '' && testId.length <= longest && only(`[data-testid="${CSS.escape(testId)}"]`)) {
      found.push({ by: 'testid', text: testId });
    }
    if (lasting(element.id) && only(`#${element.id}`)) found.push({ by: 'css', text: `#${element.id}` });
    const named = element.getAttribute('name') ?? '';
    const selector = `[name="${CSS.escape(named)}"]`;
    if (named !== '' && named.length <= longest && only(selector)) found.push({ by: 'css', text: selector });
    return [...found, { by: 'css', text: pathTo(all, element).slice(0, 1000) }];
  }

  return { find, labelsOf: (element) => labelTexts(element, false) };
}

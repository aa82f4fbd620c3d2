import type { locatorFinder } from './locator-finder.ts';

/**
 * Runs inside every document of a recorded session, before any of its own code; sent there as text, so it refers to
 * nothing outside itself. It tells what a person does through the function of the name `binding`. A page can come by that
 * function in other ways too: only what carries `key`, which stands nowhere in the page, counts. What a page does by
 * itself is not told.
 */
export function capture(
  { find, labelsOf }: ReturnType<typeof locatorFinder>,
  binding: string,
  key: string,
): void {
  const told: unknown = Reflect.get(globalThis, binding);
  if (typeof told !== 'function') return;
  Reflect.deleteProperty(globalThis, binding);
  const tell = (message: object): void => void told({ key, message });
  const longest = 1000;

  const known = new WeakMap<Element, ReturnType<typeof find>>();
  /** A field keeps its locators while it is typed into. */
  function locate(element: Element): ReturnType<typeof find> {
    const found = known.get(element) ?? find(element);
    known.set(element, found);
    return found;
  }

  const passwords = new WeakSet<Element>();
  let enterPressed = false;

  const cut = (text: string | null | undefined): string => (text ?? '').slice(0, 100);
  const isText = (element: unknown): element is HTMLInputElement | HTMLTextAreaElement =>
    element instanceof HTMLTextAreaElement ||
    (element instanceof HTMLInputElement &&
      !/^(checkbox|radio|button|submit|reset|image|file|hidden)$/.test(element.type));
  const isTick = (element: unknown): element is HTMLInputElement =>
    element instanceof HTMLInputElement && /^(checkbox|radio)$/.test(element.type);

  function noteSecret(element: unknown): void {
    if (element instanceof HTMLInputElement && element.type === 'password') passwords.add(element);
  }

  /** What tells which value a field takes. A password that was made readable stays one. */
  function factsOf(element: HTMLInputElement | HTMLTextAreaElement): object {
    noteSecret(element);
    const around: ParentNode = element.form ?? (element.getRootNode() as ParentNode);
    return {
      type: passwords.has(element) ? 'password' : cut(element.type),
      autocomplete: cut(element.getAttribute('autocomplete')),
      inputMode: cut(element.getAttribute('inputmode')),
      id: cut(element.id),
      name: cut(element.getAttribute('name')),
      label: cut(labelsOf(element).join(' ') || element.getAttribute('placeholder')),
      besidePassword: around.querySelector('input[type=password]') !== null,
    };
  }

  /** The boxes of a code that is typed one digit in each; empty: the field is none of them. */
  function boxesOf(element: Element): HTMLInputElement[] {
    const box = 'input[maxlength="1"]:not([type=hidden])';
    if (!element.matches(box)) return [];
    for (let around = element.parentElement; around !== null; around = around.parentElement) {
      const boxes = [...around.querySelectorAll<HTMLInputElement>(box)];
      if (boxes.length >= 4) return boxes.length <= 8 ? boxes : [];
    }
    return [];
  }

  function tellBoxes(boxes: HTMLInputElement[]): void {
    tell({ kind: 'code', boxes: boxes.map(locate) });
  }

  /** The thing that was meant by a click; null: nothing that acts, or a field, whose value counts and not the click. */
  function clickedThing(path: Element[]): Element | null {
    const acts =
      'button, a[href], summary, input, [onclick], [tabindex]:not([tabindex="-1"]), [role=button], [role=link], ' +
      '[role=tab], [role=option], [role=switch], [role=checkbox], [role=radio], [role^=menuitem], [role=treeitem]';
    for (const element of path) {
      if (isText(element) || isTick(element) || element.matches('select, option')) return null;
      if (element instanceof HTMLLabelElement && element.control !== null) return null;
      if (element.matches('body, html, [contenteditable]')) break;
      if (element.matches(acts)) return element;
    }
    // Frameworks listen on anything; what they mean to be clicked looks like it.
    const pointed = path.filter(
      (element) => !element.matches('body, html') && getComputedStyle(element).cursor === 'pointer',
    );
    return pointed.at(-1) ?? null;
  }

  const elementsOf = (event: Event): Element[] =>
    event.composedPath().filter((target) => target instanceof Element);

  function on<Name extends keyof WindowEventMap>(
    name: Name,
    hear: (event: WindowEventMap[Name], path: Element[]) => void,
  ): void {
    const listener = (event: WindowEventMap[Name]): void => {
      if (!event.isTrusted) return;
      try {
        hear(event, elementsOf(event));
      } catch {
        // Nothing may keep the page from going on.
      }
    };
    addEventListener(name, listener, { capture: true, passive: true });
  }

  on('focusin', (_event, [element]) => noteSecret(element));
  on('pointerdown', (_event, path) => {
    enterPressed = false;
    const thing = clickedThing(path);
    if (thing !== null) tell({ kind: 'aim', at: find(thing) });
  });
  on('keyup', () => {
    enterPressed = false;
  });
  on('keydown', (event, [element]) => {
    if (event.key !== 'Enter' || event.isComposing || event.repeat) return;
    if (!(element instanceof HTMLInputElement) || !(isText(element) || isTick(element))) return;
    enterPressed = true;
    tell({ kind: 'enter', at: locate(element) });
  });
  on('click', (event, path) => {
    // Enter submits a form by clicking its button; further clicks of a double click do nothing new.
    if (event.button !== 0 || event.detail > 1 || (enterPressed && event.detail === 0)) return;
    const thing = clickedThing(path);
    if (thing !== null) tell({ kind: 'click', at: find(thing) });
  });
  on('input', (_event, [element]) => {
    if (!isText(element) || element.value.length > longest) return;
    const boxes = boxesOf(element);
    if (boxes.length > 0) tellBoxes(boxes);
    else tell({ kind: 'fill', at: locate(element), field: factsOf(element), value: element.value });
  });
  on('paste', (_event, [element]) => {
    const boxes = element === undefined ? [] : boxesOf(element);
    if (boxes.length > 0) tellBoxes(boxes);
  });
  on('change', (_event, [element]) => {
    if (isTick(element)) {
      const { width, height } = element.getBoundingClientRect();
      const label = element.labels?.[0];
      const hidden = width === 0 || height === 0 || !element.checkVisibility({ visibilityProperty: true });
      if (hidden && label !== undefined) tell({ kind: 'click', at: find(label) });
      else tell({ kind: element.checked ? 'check' : 'uncheck', at: locate(element) });
    } else if (element instanceof HTMLSelectElement) {
      const values = [...element.selectedOptions].map(({ value }) => value.slice(0, 200));
      tell({ kind: 'select', at: locate(element), values: values.slice(0, 50) });
    }
  });

  tell({ kind: 'here' });
}

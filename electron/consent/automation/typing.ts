import type { ElementHandle, Locator, Page } from 'playwright-core';
import { UnmetExpectation } from './expectations.ts';
import type { Gate } from './gate.ts';

/** How a key is pressed or text is typed: as Playwright takes it, in milliseconds. */
type Typing = { timeout?: number; delay?: number } | undefined;
type Pressing = { timeout?: number; force?: boolean } | undefined;

/**
 * Puts text into a field by the document itself, so that it goes to nobody else, whoever has the keyboard's focus by then;
 * false when the field takes none. Runs in the page.
 */
function insertHere(node: Node, text: string): boolean {
  const target = node instanceof HTMLLabelElement && node.control !== null ? node.control : node;
  if (!(target instanceof HTMLElement)) return false;
  target.focus();
  if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) target.select();
  else target.ownerDocument.defaultView?.getSelection()?.selectAllChildren(target);
  return target.ownerDocument.execCommand('insertText', false, text);
}

/** Fields that Playwright fills without the keyboard; the document has no insertion for them. */
const setDirectly = /^(color|date|time|datetime-local|month|range|week)$/;

/** Runs in the page. */
function typeOf(node: Node): string {
  const target = node instanceof HTMLLabelElement ? node.control : node;
  return target instanceof HTMLInputElement ? target.type : '';
}

/**
 * Fills a field. Playwright selects what is in it and then inserts the text at the keyboard's focus, which a frame of another
 * host may have taken meanwhile; where there is such a frame it only waits for the field and empties it.
 */
export function fill(gate: Gate, at: Locator, text: string, options: Pressing): Promise<void> {
  return gate.element(at, options?.timeout, async (element, { timeout, alone }) => {
    const within = { ...options, timeout };
    if (alone || text === '' || setDirectly.test(await element.evaluate(typeOf))) {
      await element.fill(text, within);
      return;
    }
    await element.fill('', within);
    if (!(await element.evaluate(insertHere, text))) throw new UnmetExpectation('it took no text');
  });
}

/**
 * Types into whatever has the focus, which is looked at before every character: it may move on, as between one-digit
 * fields. `limitMs`: for all of it.
 */
export async function typeIntoFocus(
  gate: Gate,
  page: Page,
  text: string,
  { delay = 0, limitMs = Number.POSITIVE_INFINITY } = {},
): Promise<void> {
  const endsAtMs = performance.now() + limitMs;
  for (const character of text) {
    if (performance.now() >= endsAtMs)
      throw new UnmetExpectation(`it was not through within ${limitMs / 1000} s`);
    await gate.focus(page, () => page.keyboard.type(character, { delay }));
  }
}

/** Gives an element the focus, and has `act` go there. */
function focusFirst(
  gate: Gate,
  at: Locator,
  options: Typing,
  whole: (element: ElementHandle, within: { delay: number; timeout: number }) => Promise<void>,
  act: () => Promise<void>,
): Promise<void> {
  const delay = options?.delay ?? 0;
  return gate.element(at, options?.timeout, async (element, { timeout, alone }) => {
    if (alone) return whole(element, { delay, timeout });
    await element.focus();
    await gate.focus(at.page(), act);
  });
}

/** Presses a key in an element. */
export function press(gate: Gate, at: Locator, key: string, options: Typing): Promise<void> {
  const { keyboard } = at.page();
  return focusFirst(
    gate,
    at,
    options,
    (element, within) => element.press(key, within),
    () => keyboard.press(key, { delay: options?.delay ?? 0 }),
  );
}

/** Types text into an element, a character after the other. */
export async function pressSequentially(
  gate: Gate,
  at: Locator,
  text: string,
  options: Typing,
): Promise<void> {
  const [first = '', ...rest] = text;
  const delay = options?.delay ?? 0;
  await focusFirst(
    gate,
    at,
    options,
    (element, within) => element.type(first, within),
    () => at.page().keyboard.type(first, { delay }),
  );
  const limitMs = options?.timeout ?? gate.stepLimitMs;
  await typeIntoFocus(gate, at.page(), rest.join(''), { delay, limitMs });
}

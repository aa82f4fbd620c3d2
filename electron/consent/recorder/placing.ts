import type { Frame, Locator } from 'playwright-core';
import { within } from '../within.ts';
import type { FoundBy } from './messages.ts';

/** How a script finds one element: its frames from the outermost, then itself; `first` where it is not alone. */
export interface Place {
  frames: readonly string[];
  found: FoundBy;
  first: boolean;
}

function locatorIn(frame: Frame, found: FoundBy): Locator {
  switch (found.by) {
    case 'label':
      return frame.getByLabel(found.text, { exact: found.exact });
    case 'placeholder':
      return frame.getByPlaceholder(found.text, { exact: found.exact });
    case 'text':
      return frame.getByText(found.text, { exact: found.exact });
    case 'role':
      return frame.getByRole(found.role, { name: found.text, exact: found.exact });
    case 'testid':
      return frame.getByTestId(found.text);
    case 'css':
      return frame.locator(found.text);
  }
}

/** How many a locator finds now; null: the page has gone on, or does not answer. */
async function countOf(locator: Locator): Promise<number | null> {
  return within(
    2000,
    locator.count().catch(() => null),
  );
}

/**
 * The best way that finds one element alone. After a click the page may have gone on, so that nothing is found: then the
 * word of its own side counts, which was given before. `stays`: the element is still there.
 */
async function choose(
  frame: Frame,
  ways: readonly FoundBy[],
  stays: boolean,
): Promise<Omit<Place, 'frames'>> {
  const [best] = ways;
  if (best === undefined) throw new Error('an element without a locator');
  let several = false;
  for (const found of ways) {
    // A path through the page may find something else on the next one.
    if (!stays && found.by === 'css' && best.by !== 'css') break;
    // A page that is just drawn anew may show nothing for a moment.
    const count = (await countOf(locatorIn(frame, found))) || (await countOf(locatorIn(frame, found)));
    if (count === 1) return { found, first: false };
    if (count === null) break;
    if (found === best) several = count > 1;
  }
  return { found: best, first: several };
}

const attributes = ['title', 'name', 'id'] as const;

async function frameSelector(frame: Frame, parent: Frame): Promise<string> {
  const element = await frame.frameElement();
  const facts = await element.evaluate((node: Element) => ({
    tag: node.tagName.toLowerCase() === 'frame' ? 'frame' : 'iframe',
    title: node.getAttribute('title') ?? '',
    name: node.getAttribute('name') ?? '',
    id: node.id,
  }));
  for (const name of attributes) {
    const value = String(facts[name]);
    // One that is made anew each time finds nothing later.
    if (value === '' || value.length > 100 || (name !== 'title' && /\d{3}/.test(value))) continue;
    const selector = `${facts.tag}[${name}=${JSON.stringify(value)}]`;
    if ((await countOf(parent.locator(selector))) === 1) return selector;
  }
  const all = await parent.locator(facts.tag).elementHandles();
  if (all.length === 1) return facts.tag;
  for (const [index, each] of all.entries()) {
    if (await each.evaluate((node, other) => node === other, element)) return `${facts.tag} >> nth=${index}`;
  }
  return facts.tag;
}

/** Finds the places of elements in the frames of one recording. */
export interface Placing {
  /** Looks a frame up while it is surely there. */
  meet(frame: Frame): void;
  /** `stays`: the page does not go on because of what was done there. */
  place(frame: Frame, ways: readonly FoundBy[], stays: boolean): Promise<Place>;
}

/** Makes one; what it found out is kept, so that it need not be asked of a page that has gone on. */
export function createPlacing(): Placing {
  const chains = new WeakMap<Frame, Promise<readonly string[]>>();
  const choices = new WeakMap<Frame, Map<string, Promise<Omit<Place, 'frames'>>>>();

  function chainOf(frame: Frame): Promise<readonly string[]> {
    const known = chains.get(frame);
    if (known !== undefined) return known;
    const parent = frame.parentFrame();
    const found =
      parent === null
        ? Promise.resolve([])
        : Promise.all([chainOf(parent), frameSelector(frame, parent).catch(() => 'iframe')]).then(
            ([above, own]) => [...above, own],
          );
    chains.set(frame, found);
    return found;
  }

  function choiceOf(frame: Frame, ways: readonly FoundBy[], stays: boolean): Promise<Omit<Place, 'frames'>> {
    const known = choices.get(frame) ?? new Map<string, Promise<Omit<Place, 'frames'>>>();
    choices.set(frame, known);
    const key = JSON.stringify(ways);
    const choice = known.get(key) ?? choose(frame, ways, stays);
    known.set(key, choice);
    return choice;
  }

  return {
    meet: (frame) => void chainOf(frame),
    async place(frame, ways, stays) {
      const [frames, choice] = await Promise.all([chainOf(frame), choiceOf(frame, ways, stays)]);
      return { frames, ...choice };
    },
  };
}

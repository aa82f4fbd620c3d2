import type { AnyNode, AssignmentExpression, CallExpression, Expression, SpreadElement } from 'acorn';
import { elementOf, oneOf } from './convert-elements.ts';
import { type FoundElement, memberName, type Names, plain, stringOf, textCode } from './convert-values.ts';
import { quoted } from './script-text.ts';

/** What one expression comes to: lines of the automation script, and what is to be known of them. */
export interface Turned {
  lines: string[];
  notes: string[];
}

const line = (code: string, ...notes: string[]): Turned => ({ lines: [`await ${code};`], notes });
const nothing: Turned = { lines: [], notes: [] };

/** Events that a page is told of by hand: Playwright's actions raise them by themselves. */
const noise = [
  'blur',
  'change',
  'dispatchEvent',
  'fireEvent',
  'input',
  'keydown',
  'keypress',
  'keyup',
  'select',
];

const submitButton = ':is(button:not([type]), [type="submit"], [type="image"])';

function isTrue(node: AnyNode | undefined): boolean | null {
  if (node?.type !== 'Literal') return null;
  return node.value === true || node.value === 'checked' ? true : node.value === false ? false : null;
}

function fill(found: FoundElement, value: Expression, names: Names): Turned | null {
  const text = textCode(value, names);
  return text === null ? null : line(`${oneOf(found)}.fill(${text})`);
}

/** `.prop('checked', true)`, `.attr('value', 'x')`, `.setAttribute('value', 'x')`. */
function setNamed(found: FoundElement, given: (Expression | SpreadElement)[], names: Names): Turned | null {
  const [name, value] = given;
  if (value === undefined || value.type === 'SpreadElement') return null;
  if (stringOf(name) === 'value') return fill(found, value, names);
  const checked = stringOf(name) === 'checked' ? isTrue(value) : null;
  return checked === null ? null : line(`${oneOf(found)}.setChecked(${checked})`);
}

function doneTo(found: FoundElement, method: string, call: CallExpression, names: Names): Turned | null {
  const [first] = call.arguments;
  const at = oneOf(found);
  if (['prop', 'attr', 'setAttribute'].includes(method)) return setNamed(found, call.arguments, names);
  if (method === 'val' && first !== undefined && first.type !== 'SpreadElement') {
    return fill(found, first, names);
  }
  if (method === 'trigger') {
    const event = stringOf(first);
    if (event === 'click' || event === 'submit')
      return doneTo(found, event, { ...call, arguments: [] }, names);
    return event === null ? null : nothing;
  }
  if (noise.includes(method)) return nothing;
  if (call.arguments.length > 0) return null;
  if (method === 'click' || method === 'focus') return line(`${at}.${method}()`);
  if (method !== 'submit' && method !== 'requestSubmit') return null;
  const code = `${at}.locator(${quoted(submitButton)}).first().click()`;
  return line(code, `${method}() became a click on the first submit button of the form`);
}

/** A chain of calls on one element, as jQuery has them: `$('#user').val('x').change().click()`. */
function chain(given: AnyNode, names: Names): { found: FoundElement; turned: Turned } | null {
  const node = plain(given);
  const found = elementOf(node, names);
  if (found !== null) return { found, turned: nothing };
  if (node.type !== 'CallExpression') return null;
  const callee = plain(node.callee);
  const method = callee.type === 'MemberExpression' ? memberName(callee) : null;
  if (callee.type !== 'MemberExpression' || typeof method !== 'string') return null;
  const before = chain(callee.object, names);
  const next = before && doneTo(before.found, method, node, names);
  if (!before || !next) return null;
  const { turned } = before;
  return {
    found: before.found,
    turned: { lines: [...turned.lines, ...next.lines], notes: [...turned.notes, ...next.notes] },
  };
}

/** A call that does something to an element, or says something; null: it cannot be turned. */
export function turnCall(node: CallExpression, names: Names): Turned | null {
  const callee = plain(node.callee);
  if (callee.type === 'MemberExpression' && callee.object.type === 'Identifier') {
    if (callee.object.name === 'console') {
      const parts = node.arguments.map((part) =>
        part.type === 'SpreadElement' ? null : textCode(part, names),
      );
      return parts.includes(null) ? null : { lines: [`log(${parts.join(', ')});`], notes: [] };
    }
    // What was made to be dispatched: `event.initEvent('change', true, true)`.
    if (names.get(callee.object.name)?.kind === 'event') return nothing;
  }
  const acted = elementOf(node, names) === null ? chain(node, names) : null;
  return acted?.turned ?? null;
}

function isLocation(node: AnyNode): boolean {
  if (node.type === 'Identifier') return node.name === 'location';
  if (node.type !== 'MemberExpression') return false;
  if (memberName(node) === 'href') return isLocation(node.object);
  const of = node.object.type === 'Identifier' ? node.object.name : '';
  return memberName(node) === 'location' && ['window', 'document', 'self', 'top'].includes(of);
}

/** An assignment to an element's value or state, or to the page's address; null: it cannot be turned. */
export function turnAssignment(node: AssignmentExpression, names: Names): Turned | null {
  if (node.operator !== '=') return null;
  const left = plain(node.left);
  if (isLocation(left)) {
    const url = textCode(node.right, names);
    return url === null ? null : line(`page.goto(${url})`);
  }
  if (left.type !== 'MemberExpression') return null;
  const found = elementOf(left.object, names);
  if (found === null) return null;
  const name = memberName(left);
  if (name === 'value') return fill(found, node.right, names);
  if (name === 'checked') {
    const checked = isTrue(node.right);
    return checked === null ? null : line(`${oneOf(found)}.setChecked(${checked})`);
  }
  const index =
    node.right.type === 'Literal' && typeof node.right.value === 'number' ? node.right.value : null;
  if (name !== 'selectedIndex' || index === null) return null;
  return line(`${oneOf(found)}.selectOption({ index: ${index} })`);
}

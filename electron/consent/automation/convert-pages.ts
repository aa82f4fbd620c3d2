import type { AnyNode, Expression, IfStatement, Statement, VariableDeclaration } from 'acorn';
import { AppError } from '../../../shared/errors.ts';
import type { PageScript } from '../../../shared/model/page-script.ts';
import { type Turned, turnAssignment, turnCall } from './convert-actions.ts';
import { elementOf, isJquery, oneOf } from './convert-elements.ts';
import { isText, memberName, type Names, plain, stringOf, valueCode } from './convert-values.ts';
import { parsePage } from './page-syntax.ts';
import { quoted } from './script-text.ts';

/** An automation script made of page scripts, and what a person has to look at in it. */
export interface Converted {
  source: string;
  notes: string[];
}

/** One page script on its way. */
interface Turn {
  script: PageScript;
  names: Names;
  /** Variables of the whole automation script, which is one scope; `hoisted` ones are declared at its top. */
  declared: Set<string>;
  hoisted: Set<string>;
  /** How many conditions this is inside of. */
  depth: number;
  notes: string[];
  /** Milliseconds of pauses before this; what runs later than the other statements, at a time of its own. */
  atMs: number;
  later: { body: Statement[]; atMs: number }[];
}

const reserved = [
  'page',
  'vars',
  'step',
  'totp',
  'log',
  'expect',
  'test',
  'console',
  'await',
  'let',
  'async',
];
const longestPauseMs = 10_000;
const deepest = 20;

function comment(text: string): string[] {
  return text.split(/\r\n|[\n\r\u2028\u2029]/).map((one) => `// ${one}`.trimEnd());
}

function kept(node: AnyNode, { script, notes }: Turn): string[] {
  notes.push(`${script.name}, line ${node.loc?.start.line ?? 1}: not converted, kept as a comment.`);
  return comment(script.source.slice(node.start, node.end));
}

function said(node: AnyNode, turned: Turned, { script, notes }: Turn): string[] {
  for (const note of turned.notes) notes.push(`${script.name}, line ${node.loc?.start.line ?? 1}: ${note}.`);
  return turned.lines;
}

const indented = (lines: string[]): string[] => lines.map((one) => (one === '' ? '' : `  ${one}`));

/** The statements of a function that runs at once or when the page is ready, which it is; null for any other. */
function bodyOf(node: AnyNode | undefined): Statement[] | null {
  if (node?.type !== 'FunctionExpression' && node?.type !== 'ArrowFunctionExpression') return null;
  if (node.body.type === 'BlockStatement') return node.body.body;
  return [{ ...node.body, type: 'ExpressionStatement', expression: node.body } as Statement];
}

/** A call whose function's body runs: in its place, or so many milliseconds after the other statements. */
function inlined(given: Expression): { body: Statement[]; delayMs: number | null } | null {
  const node = plain(given);
  if (node.type !== 'CallExpression') return null;
  const callee = plain(node.callee);
  const [first, second] = node.arguments;
  const own = node.arguments.length === 0 ? bodyOf(callee) : null;
  if (own !== null) return { body: own, delayMs: null };
  const name =
    callee.type === 'Identifier'
      ? callee.name
      : callee.type === 'MemberExpression'
        ? memberName(callee)
        : null;
  if (name === 'setTimeout') {
    const body = bodyOf(first);
    const delayMs = second?.type === 'Literal' && typeof second.value === 'number' ? second.value : 0;
    return body && { body, delayMs: Math.min(Math.max(0, Math.round(delayMs)), longestPauseMs) };
  }
  const event = name === 'addEventListener' ? stringOf(first) : null;
  const body = event === 'load' || event === 'DOMContentLoaded' ? bodyOf(second) : null;
  if (body !== null) return { body, delayMs: null };
  const ready = name === 'ready' || isJquery(callee) ? bodyOf(first) : null;
  return ready && { body: ready, delayMs: null };
}

function isEvent(node: AnyNode): boolean {
  if (node.type === 'NewExpression')
    return node.callee.type === 'Identifier' && /Event$/.test(node.callee.name);
  return (
    node.type === 'CallExpression' &&
    node.callee.type === 'MemberExpression' &&
    memberName(node.callee) === 'createEvent'
  );
}

/** Takes note of what a name stands for; a plain value also becomes a line. Null: it cannot be turned. */
function assigned(
  name: string,
  given: Expression,
  { names, declared, hoisted, depth }: Turn,
): string[] | null {
  const node = plain(given);
  const found = elementOf(node, names);
  if (found !== null) names.set(name, { kind: 'element', found });
  else if (isEvent(node)) names.set(name, { kind: 'event' });
  if (found !== null || isEvent(node)) return [];
  names.delete(name);
  const text = isText(given, names);
  const value = reserved.includes(name) ? null : valueCode(given, names);
  if (value === null) return null;
  names.set(name, { kind: 'value', text });
  const known = declared.has(name) || depth > 0;
  if (depth > 0 && !declared.has(name)) hoisted.add(name);
  declared.add(name);
  return [`${known ? '' : 'let '}${name} = ${value};`];
}

function declaration(node: VariableDeclaration, turn: Turn): string[] {
  const lines: string[] = [];
  for (const { id, init } of node.declarations) {
    // A name alone gets its value, if that can be turned, further below.
    if (id.type === 'Identifier' && !init) continue;
    const turned = id.type === 'Identifier' && init ? assigned(id.name, init, turn) : null;
    if (turned === null) return kept(node, turn);
    lines.push(...turned);
  }
  return lines;
}

function expression(given: Expression, turn: Turn): string[] {
  const node = plain(given);
  if (node.type === 'SequenceExpression') return node.expressions.flatMap((one) => expression(one, turn));
  if (node.type === 'Literal' || node.type === 'Identifier') return [];
  const inner = inlined(given);
  if (inner !== null) {
    if (inner.delayMs === null) return statements(inner.body, turn);
    turn.later.push({ body: inner.body, atMs: turn.atMs + inner.delayMs });
    return [];
  }
  if (node.type === 'CallExpression') {
    const turned = turnCall(node, turn.names);
    return turned === null ? kept(node, turn) : said(node, turned, turn);
  }
  if (node.type !== 'AssignmentExpression') return kept(node, turn);
  const onload =
    node.left.type === 'MemberExpression' && memberName(node.left) === 'onload' ? bodyOf(node.right) : null;
  if (onload !== null) return statements(onload, turn);
  const { names } = turn;
  const turned = turnAssignment(node, names);
  if (turned !== null) return said(node, turned, turn);
  const { left } = node;
  return (
    (left.type === 'Identifier' && node.operator === '=' && assigned(left.name, node.right, turn)) ||
    kept(node, turn)
  );
}

/** `if (element)`, `if (element != null)` and their opposites, as a condition of the automation script. */
function condition(given: Expression, names: Names): string | null {
  const node = plain(given);
  if (node.type === 'UnaryExpression' && node.operator === '!') {
    const inner = condition(node.argument, names);
    return inner && `!(${inner})`;
  }
  if (node.type === 'BinaryExpression' && /^[!=]==?$/.test(node.operator)) {
    if (node.right.type !== 'Literal' || node.right.value !== null) return null;
    if (node.left.type === 'PrivateIdentifier') return null;
    const inner = condition(node.left, names);
    return inner && (node.operator.startsWith('!') ? inner : `!(${inner})`);
  }
  const found = elementOf(node, names);
  return found && `await ${oneOf(found)}.isVisible()`;
}

/** Statements, and after them what they delay, in the order of its delays. */
function withDelayed(nodes: readonly AnyNode[], outer: Turn, isBranch = false): string[] {
  const turn: Turn = { ...outer, later: [] };
  const lines = statements(nodes, turn);
  if (isBranch && turn.later.length > 0) {
    const line = nodes[0]?.loc?.start.line ?? 1;
    turn.notes.push(`${turn.script.name}, line ${line}: what is delayed within a condition runs at its end.`);
  }
  let nowMs = turn.atMs;
  while (turn.later.length > 0) {
    turn.later.sort((left, right) => left.atMs - right.atMs);
    const next = turn.later.shift();
    if (next === undefined) break;
    const pauseMs = next.atMs - nowMs;
    if (pauseMs > 0) lines.push(`await page.waitForTimeout(${pauseMs});`);
    nowMs = next.atMs;
    lines.push(...statements(next.body, { ...turn, atMs: nowMs }));
  }
  return lines;
}

/** A branch of a condition: which element a name stands for afterwards cannot be told, if the branch changed that. */
function branch(node: Statement, turn: Turn): string[] {
  const names: Names = new Map(turn.names);
  const lines = withDelayed([node], { ...turn, names, depth: turn.depth + 1 }, true);
  for (const [name, bound] of names) {
    const before = turn.names.get(name);
    const text = bound.kind === 'value' && bound.text && (before?.kind !== 'value' || before.text);
    if (bound.kind === 'value') turn.names.set(name, { kind: 'value', text });
    else if (turn.names.get(name) !== bound) turn.names.delete(name);
  }
  return indented(lines);
}

function choice(node: IfStatement, turn: Turn): string[] {
  const test = condition(node.test, turn.names);
  if (test === null || turn.depth >= deepest) return kept(node, turn);
  const lines = [`if (${test}) {`, ...branch(node.consequent, turn)];
  if (!node.alternate) return [...lines, '}'];
  return [...lines, '} else {', ...branch(node.alternate, turn), '}'];
}

function statement(node: Statement, turn: Turn): string[] {
  if (node.type === 'EmptyStatement' || node.type === 'DebuggerStatement') return [];
  if (node.type === 'BlockStatement') return statements(node.body, turn);
  if (node.type === 'ExpressionStatement') return expression(node.expression, turn);
  if (node.type === 'VariableDeclaration') return declaration(node, turn);
  if (node.type === 'IfStatement') return choice(node, turn);
  return kept(node, turn);
}

function statements(nodes: readonly AnyNode[], turn: Turn): string[] {
  return nodes.flatMap((node, index) => {
    // At the very end it says nothing; elsewhere a script cannot end so.
    if (node.type === 'ReturnStatement' && !node.argument && index === nodes.length - 1) return [];
    return statement(node as Statement, turn);
  });
}

/** What an automation script waits for before the page script's part. */
function waits({ url, selector }: PageScript, isFirst: boolean): string[] {
  const lines = [
    ...(url === '' ? [] : [`await page.waitForURL(${quoted(url)});`]),
    ...(selector === '' ? [] : [`await page.waitForSelector(${quoted(selector)});`]),
  ];
  return lines.length > 0 || isFirst ? lines : ['await page.waitForLoadState();'];
}

function turned(
  script: PageScript,
  index: number,
  shared: Pick<Turn, 'declared' | 'hoisted' | 'notes'>,
): string[] {
  const head = [...comment(`${index + 1}. ${script.name}`), ...waits(script, index === 0)];
  const turn: Turn = { script, names: new Map(), depth: 0, atMs: 0, later: [], ...shared };
  try {
    const { program } = parsePage(script, index + 1, 'pages.json');
    return [...head, ...withDelayed(program.body, turn)];
  } catch (thrown) {
    // A syntax error, or one that is nested deeper than can be walked.
    const line = thrown instanceof AppError ? thrown.details?.line : undefined;
    const reason = line === undefined ? ' is nested too deep' : `, line ${line}: has a syntax error`;
    shared.notes.push(`${script.name}${reason}, kept as a comment.`);
    return [...head, ...comment(script.source)];
  }
}

/**
 * Makes an automation script of page scripts: what they usually do to fields and buttons becomes the script API's own
 * actions. What cannot be turned stays as a comment and is named in the notes; nothing is left out in silence.
 */
export function convertPages(pages: readonly PageScript[]): Converted {
  const notes: string[] = [];
  const hoisted = new Set<string>();
  const shared = { declared: new Set<string>(), hoisted, notes };
  const parts = pages.map((script, index) => turned(script, index, shared).join('\n'));
  if (hoisted.size > 0) parts.unshift(`let ${[...hoisted].join(', ')};`);
  return { source: parts.length === 0 ? '' : `${parts.join('\n\n')}\n`, notes };
}

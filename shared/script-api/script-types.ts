import { type ScriptApiEntry, type ScriptObject, scriptObjects } from './entry.ts';
import { ariaRoles } from './roles.ts';
import { namesOn } from './script-api.ts';

/** How the type file begins, by which it is known again. */
export const generatedMark =
  '// Written by Grantwright for editors that complete scripts. Changes in it are lost.';

const options = `
type TextMatch = string | RegExp;
interface TimeoutOptions {
  /** Milliseconds, at most 30000. */
  timeout?: number;
}
interface ExactOptions {
  /** The whole text, and upper and lower case as written. */
  exact?: boolean;
}
interface PressOptions extends TimeoutOptions {
  /** Without waiting until it can be used. */
  force?: boolean;
}
interface TypingOptions extends TimeoutOptions {
  /** Milliseconds between the keys, at most 1000. */
  delay?: number;
}
interface WaitOptions extends TimeoutOptions {
  state?: 'attached' | 'detached' | 'visible' | 'hidden';
}
interface NavigationOptions extends TimeoutOptions {
  waitUntil?: 'load' | 'domcontentloaded' | 'networkidle';
}
interface HavingOptions {
  has?: Locator;
  hasNot?: Locator;
  hasText?: TextMatch;
  hasNotText?: TextMatch;
}
interface FilterOptions extends HavingOptions {
  visible?: boolean;
}
interface RoleOptions extends ExactOptions {
  /** The accessible name, or a part of it. */
  name?: TextMatch;
  checked?: boolean;
  disabled?: boolean;
  expanded?: boolean;
  pressed?: boolean;
  selected?: boolean;
  includeHidden?: boolean;
  /** Of a heading, 1 to 6. */
  level?: number;
}
interface Choice {
  value?: string;
  label?: string;
  /** From 0. */
  index?: number;
}
interface Console {
  log(...parts: unknown[]): void;
  info(...parts: unknown[]): void;
  warn(...parts: unknown[]): void;
  error(...parts: unknown[]): void;
}
`;

/** A script that was pasted from Playwright's recorder imports these. */
const recorder = `
declare module '@playwright/test' {
  export const expect: Expect;
  export function test(name: string, work: (fixtures: { page: Page }) => Promise<void> | void): void;
  export namespace test {
    function step<T>(name: string, work: () => Promise<T> | T): Promise<T>;
  }
}
`;

function comment({ docs, example }: ScriptApiEntry, indent: string): string {
  const lines = [docs, ...(example === undefined ? [] : ['@example', ...example.split('\n')])];
  // In a string of an example the escape changes nothing.
  const safe = lines.map((line) => `${indent} * ${line.replaceAll('*/', '*\\/')}`);
  return [`${indent}/**`, ...safe, `${indent} */`].join('\n');
}

function member(entry: ScriptApiEntry): string {
  const lines = entry.signatures.map((signature) => {
    const constant = signature.startsWith(':') ? 'readonly ' : '';
    return `  ${constant}${entry.name}${signature};`;
  });
  return [comment(entry, '  '), ...lines].join('\n');
}

function interfaceOf(object: ScriptObject): string {
  return [`interface ${object} {`, ...namesOn(object).map(member), '}'].join('\n');
}

function globalOf(entry: ScriptApiEntry): string {
  const { name, signatures } = entry;
  if (name === 'expect') {
    const calls = signatures.map((signature) => `  ${signature};`);
    return ['interface Expect {', ...calls, '}', comment(entry, ''), 'declare const expect: Expect;'].join(
      '\n',
    );
  }
  const kind = signatures[0].startsWith(':') ? 'const' : 'function';
  return [comment(entry, ''), `declare ${kind} ${name}${signatures[0]};`].join('\n');
}

function varsOf(names: readonly string[]): string {
  const sorted = [...new Set(names)].sort();
  return [
    'interface Vars {',
    ...sorted.map((name) => `  readonly ${JSON.stringify(name)}: string;`),
    '}',
  ].join('\n');
}

/** The names that `vars` has in every script. */
export const fixedVars = ['environment', 'persona', 'profile'] as const;

/** What `vars` has besides in a script of the device code grant (RFC 8628 section 3.2): the code to enter. */
export const deviceVar = 'user_code';

/**
 * The type file that is put beside the scripts: the whole API, and these names in `vars` besides those that every script
 * has. The same names give the same text, in whatever order they come.
 */
export function scriptTypes(vars: readonly string[]): string {
  const roles = `type AriaRole =\n${ariaRoles.map((role) => `  | '${role}'`).join('\n')};`;
  const interfaces = scriptObjects.filter((object) => object !== 'Global').map(interfaceOf);
  const parts = [
    `${generatedMark}\n${options}${roles}`,
    varsOf([...fixedVars, ...vars]),
    ...interfaces,
    ...namesOn('Global').map(globalOf),
    recorder.trim(),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** What makes VS Code check the scripts beside it with the type file, each by itself, and with nothing of a browser's or Node's. */
export const scriptEditorConfig = `{
  "compilerOptions": {
    "checkJs": true,
    "noEmit": true,
    "target": "esnext",
    "module": "esnext",
    "moduleResolution": "bundler",
    "moduleDetection": "force",
    "lib": ["esnext"],
    "types": []
  },
  "files": ["grantwright.d.ts"],
  "include": ["*.js"]
}
`;

/** The objects that a script meets, by the name of their TypeScript interface; `Global` is what stands there by itself. */
export const scriptObjects = [
  'Global',
  'Page',
  'Locator',
  'FrameLocator',
  'Keyboard',
  'Dialog',
  'LocatorExpect',
  'PageExpect',
  'ValueExpect',
] as const;
export type ScriptObject = (typeof scriptObjects)[number];

/** One name of the script API. */
export interface ScriptApiEntry {
  on: ScriptObject;
  name: string;
  /** What follows the name in TypeScript: `(key: string): Promise<void>`, or `: Keyboard`. More than one: overloads. */
  signatures: readonly [string, ...string[]];
  docs: string;
  /** Lines of a script; absent where the signature says it all. */
  example?: string;
}

/** A row of the table: name, signature, docs, example. */
export type Row = readonly [name: string, signature: string, docs: string, example?: string];

/** The rows of an object as entries. */
export function entriesOf(on: ScriptObject, rows: readonly Row[]): ScriptApiEntry[] {
  return rows.map(([name, signature, docs, example]) => ({
    on,
    name,
    signatures: [signature],
    docs,
    ...(example === undefined ? {} : { example }),
  }));
}

/** The object that a name gives when it is called, or read, and awaited; null: a plain value, or nothing. */
export function givenBy({ signatures: [signature] }: ScriptApiEntry): ScriptObject | null {
  const type = /: (?:Promise<)?(\w+)>?$/.exec(signature)?.[1];
  return scriptObjects.find((object) => object === type) ?? null;
}

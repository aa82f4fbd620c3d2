import { Secret } from '../../../shared/secret.ts';
import type { ScriptVars } from '../redact.ts';

/** What a person has typed so far, which no text may repeat: the value of each field, and those that they corrected. */
export interface TypedValues {
  /** Takes what stands in a field now; `field` tells which of them it is. */
  take(field: number, value: string): void;
  /** For a redactor, by `typed 1` and so on. The same object for good: what is typed later comes into it. */
  readonly vars: ScriptVars;
  all(): Secret[];
}

/** A letter or two would be found everywhere. */
const shortest = 3;

/** Begins with nothing. */
export function createTypedValues(): TypedValues {
  const fields = new Map<number, string[]>();
  const vars: Record<string, Secret> = {};

  return {
    vars,
    take(field, value) {
      if (value.length < shortest) return;
      const values = fields.get(field) ?? [];
      fields.set(field, values);
      const last = values.at(-1);
      // Key by key: what one more or one fewer has changed takes the place of what it was made of.
      const longer = last !== undefined && value.startsWith(last);
      const shorter = last?.startsWith(value) === true && values.at(-2)?.startsWith(last) === true;
      if (longer || shorter) values.pop();
      values.push(value);
      const name = `typed ${[...fields.keys()].indexOf(field) + 1}`;
      vars[values.length === 1 ? name : `${name}.${values.length}`] = new Secret(value);
    },
    all: () => Object.values(vars).filter((value) => value instanceof Secret),
  };
}

import { AppError } from '../../shared/errors.ts';
import { Secret } from '../../shared/secret.ts';

/** Gives a variable's value; undefined when it is not defined. A string may hold references itself, a Secret is taken as it is. */
export type VariableLookup = (name: string) => Promise<string | Secret | undefined>;

/** A template with its variables filled in. */
export interface ResolvedText {
  text: string;
  /** The same with each secret masked: the only form that may be shown, logged or put into a message. */
  shown: string;
  /** The secrets that went in. */
  secrets: Secret[];
}

/** How deep variables may stand inside one another. */
const maximumDepth = 10;
/** How many characters may come of one template: variables that multiply would fill the memory. */
const maximumLength = 1_000_000;

/** What stands for a secret wherever it is shown; not even its length is told. */
export const mask = '••••••••';

const reference = /\{\{\s*([A-Za-z_][A-Za-z0-9_.-]{0,63})\s*\}\}/g;

/**
 * Fills in the `{{name}}` references of a text, and of the values that come in. Braces around anything but a name stay
 * as they are. Throws `variable_missing`, `variable_loop`, and what the lookup throws.
 */
export async function resolveTemplate(text: string, lookup: VariableLookup): Promise<ResolvedText> {
  const known = new Map<string, ResolvedText>();

  async function valueFor(name: string, chain: string[]): Promise<ResolvedText> {
    const before = known.get(name);
    if (before !== undefined) return before;
    const through = [...chain, name];
    if (chain.includes(name) || through.length > maximumDepth) throw loop(through);
    const value = await lookup(name);
    if (value === undefined) throw missing(through);
    const resolved = value instanceof Secret ? ofSecret(value) : await resolve(value, through);
    known.set(name, resolved);
    return resolved;
  }

  async function resolve(template: string, chain: string[]): Promise<ResolvedText> {
    const result: ResolvedText = { text: '', shown: '', secrets: [] };
    let at = 0;
    function append(part: ResolvedText): void {
      result.text += part.text;
      result.shown += part.shown;
      result.secrets = [...new Set([...result.secrets, ...part.secrets])];
      if (result.text.length > maximumLength) throw tooLong(chain);
    }
    for (const match of template.matchAll(reference)) {
      append(plain(template.slice(at, match.index)));
      append(await valueFor(match[1] ?? '', chain));
      at = match.index + match[0].length;
    }
    append(plain(template.slice(at)));
    return result;
  }

  return resolve(text, []);
}

function plain(text: string): ResolvedText {
  return { text, shown: text, secrets: [] };
}

function ofSecret(secret: Secret): ResolvedText {
  return { text: secret.reveal(), shown: mask, secrets: [secret] };
}

function missing(chain: string[]): AppError {
  const name = chain.at(-1) ?? '';
  const within = chain.length > 1 ? `, which {{${chain.at(-2)}}} refers to,` : '';
  return new AppError('variable_missing', `The variable {{${name}}}${within} is not defined.`, {
    action: `Define ${name} in the active environment, or choose an environment that has it.`,
    details: { variable: name },
  });
}

function loop(chain: string[]): AppError {
  const shown = chain.map((name) => `{{${name}}}`).join(' → ');
  const repeated = chain.indexOf(chain.at(-1) ?? '') < chain.length - 1;
  const what = repeated
    ? 'refer to one another in a circle'
    : `stand more than ${maximumDepth} deep in one another`;
  return new AppError('variable_loop', `Variables ${what}: ${shown}.`, {
    action: 'Give one of them a value that does not lead back.',
    details: { variable: chain[0] ?? '' },
  });
}

function tooLong(chain: string[]): AppError {
  const where = chain[0] === undefined ? 'A text' : `{{${chain[0]}}}`;
  return new AppError(
    'variable_loop',
    `${where} grows past ${maximumLength} characters when its variables are filled in.`,
    {
      action: 'Make the variables that it refers to shorter.',
    },
  );
}

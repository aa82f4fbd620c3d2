import type { z } from 'zod';
import { variableNameSchema } from '../../../shared/model/variable.ts';
import { type ParameterRow, parameterIssues } from './form/parameter-form.ts';
import type { PlacementForm } from './form/placement-form.ts';
import type { PersonaForm, ValueRow } from './persona-form.ts';

/** Where the form shows a problem that the schema found at a path of the profile. */
const fields: Readonly<Record<string, string>> = {
  'client.id': 'clientId',
  'client.secret': 'clientSecret',
  'client.key.key': 'clientKey.key',
  'client.key.passphrase': 'clientKey.passphrase',
  'client.key.keyId': 'clientKey.keyId',
  'grant.assertion.assertion': 'assertion',
  'grant.assertion.key.key': 'assertionKey.key',
  'grant.assertion.key.passphrase': 'assertionKey.passphrase',
  'grant.assertion.key.keyId': 'assertionKey.keyId',
  'grant.assertion.issuer': 'assertionIssuer',
  'grant.assertion.subject': 'assertionSubject',
  'grant.assertion.audience': 'assertionAudience',
  'grant.assertion.lifetimeSeconds': 'assertionLifetime',
  'grant.assertion.claims': 'assertionClaims',
  'protection.requestObject.key.key': 'requestKey.key',
  'protection.requestObject.key.passphrase': 'requestKey.passphrase',
  'protection.requestObject.key.keyId': 'requestKey.keyId',
  'placement.prefix': 'placementPrefix',
};

/** What of a form is needed to say where a problem stands, and the rows that only a screen has. */
interface Checked extends Pick<PlacementForm, 'placementKind'> {
  parameters: readonly ParameterRow[];
  personas: readonly PersonaForm[];
}

function fieldAt(path: readonly PropertyKey[], { placementKind }: Checked): string {
  const [section, key] = path;
  const joined = path.join('.');
  if (joined === 'placement.name') return placementKind === 'header' ? 'placementHeader' : 'placementName';
  const field = fields[joined];
  if (field !== undefined) return field;
  if (section === 'server' || section === 'grant') return String(key);
  return section === 'personas' ? 'values' : String(section);
}

/** A problem as a tester reads it: what would be right. */
function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type' && (issue.expected === 'number' || issue.expected === 'int')) {
    return 'a whole number';
  }
  const counted = 'origin' in issue && (issue.origin === 'number' || issue.origin === 'int');
  if (counted && issue.code === 'too_big') return `at most ${issue.maximum}`;
  if (counted && issue.code === 'too_small') return `at least ${issue.minimum}`;
  return issue.message;
}

/** What is wrong with rows of values, or undefined. An empty row is not there yet. */
function rowsIssue(rows: readonly ValueRow[]): string | undefined {
  const names = new Set<string>();
  for (const { name: given, value } of rows) {
    const name = given.trim();
    if (name === '' && value === '') continue;
    if (name === '') return 'A value needs a name.';
    if (!variableNameSchema.safeParse(name).success) {
      return `The name “${name}” must be a letter or underscore, then letters, digits, . _ or -.`;
    }
    if (names.has(name)) return `The name “${name}” stands there twice.`;
    names.add(name);
  }
  return undefined;
}

/** Names the persona, because it need not be the one on the screen. */
function valuesIssue(personas: readonly PersonaForm[]): string | undefined {
  for (const { name, values } of personas) {
    const issue = rowsIssue(values);
    if (issue !== undefined) return personas.length === 1 ? issue : `${name}: ${issue}`;
  }
  return undefined;
}

/** What is wrong with a form, by field: what the schema found, and what only rows on a screen can have. */
export function issuesOf(error: z.ZodError | undefined, form: Checked): Record<string, string> {
  const found = (error?.issues ?? [])
    // Rows that are not there yet make the schema count otherwise than the screen.
    .filter(({ path }) => path[0] !== 'parameters' || path.length === 1)
    .map((issue) => [fieldAt(issue.path, form), messageOf(issue)]);
  const issues = { ...Object.fromEntries(found), ...parameterIssues(form.parameters) };
  const values = valuesIssue(form.personas);
  return values === undefined ? issues : { ...issues, values };
}

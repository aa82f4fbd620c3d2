import { headerNameProblem, type Parameter, parameterSchema } from '../../../../shared/model/parameter.ts';
import { reservedAdvice } from './parameter-names.ts';

/** A parameter as a row of the form: one without any text is not there yet. */
export type ParameterRow = Parameter;

/** A row for the next parameter. */
export const newParameter: ParameterRow = { name: '', value: '', in: 'body', to: ['authorization', 'token'] };

/** Whether a row is there only to be typed into. */
export function isBlank({ name, value }: ParameterRow): boolean {
  return name.trim() === '' && value === '';
}

/** The parameters that the rows come to. */
export function parametersOf(rows: readonly ParameterRow[]): Parameter[] {
  return rows.filter((row) => !isBlank(row)).map((row) => ({ ...row, name: row.name.trim() }));
}

const headerAdvice = {
  not_a_name: 'A header’s name has letters, digits and hyphens only, without blanks or a colon.',
  fixed: 'The app sets this header itself. Remove this row, or send the parameter in the body.',
} as const;

/** What is wrong with the name of a row that goes out as a header; the authorization request has none of its own. */
function headerProblem({ name, in: place, to }: ParameterRow): string | undefined {
  if (place !== 'header' || to.every((target) => target === 'authorization')) return undefined;
  const problem = headerNameProblem(name.trim());
  return problem === null ? undefined : headerAdvice[problem];
}

/** What is wrong with rows, by `parameters.<row>.<field>`. */
export function parameterIssues(rows: readonly ParameterRow[]): Record<string, string> {
  const issues: Record<string, string> = {};
  rows.forEach((row, index) => {
    if (isBlank(row)) return;
    const header = headerProblem(row);
    if (header !== undefined) issues[`parameters.${index}.name`] = header;
    for (const { path, message } of parameterSchema.safeParse(row).error?.issues ?? []) {
      const field = String(path[0]);
      issues[`parameters.${index}.${field}`] =
        field === 'name' ? (reservedAdvice(row.name.trim()) ?? `It needs ${message}.`) : message;
    }
  });
  return issues;
}

import { type Parameter, parameterSchema } from '../../../../shared/model/parameter.ts';
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

/** What is wrong with rows, by `parameters.<row>.<field>`. */
export function parameterIssues(rows: readonly ParameterRow[]): Record<string, string> {
  const issues: Record<string, string> = {};
  rows.forEach((row, index) => {
    if (isBlank(row)) return;
    for (const { path, message } of parameterSchema.safeParse(row).error?.issues ?? []) {
      const field = String(path[0]);
      issues[`parameters.${index}.${field}`] =
        field === 'name' ? (reservedAdvice(row.name.trim()) ?? `It needs ${message}.`) : message;
    }
  });
  return issues;
}

import { AppError } from '../../../shared/errors.ts';

/** The failure of a flow that must fail. */
export async function failureOf(work: Promise<unknown>): Promise<AppError> {
  const outcome = await work.catch((thrown: unknown) => thrown);
  if (!(outcome instanceof AppError)) throw new Error('it did not fail as it must', { cause: outcome });
  return outcome;
}

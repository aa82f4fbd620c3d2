import { z } from 'zod';

/** One call of the renderer to the engine. Types are inferred from the schemas; nothing is typed twice. */
export interface CallDefinition<Params extends z.ZodType = z.ZodType, Result extends z.ZodType = z.ZodType> {
  params: Params;
  result: Result;
}

/** Declares a call. */
export function call<Params extends z.ZodType, Result extends z.ZodType>(
  params: Params,
  result: Result,
): CallDefinition<Params, Result> {
  return { params, result };
}

/** No parameters. */
export const nothing = z.strictObject({});
/** That it was done is all there is to tell. */
export const done = z.strictObject({});

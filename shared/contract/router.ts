import { z } from 'zod';
import { AppError, errorWireSchema } from '../errors.ts';
import { type CallName, type CallParams, type CallResult, calls } from './calls.ts';

/** What answers the calls, one function a call. */
export type Handlers = {
  [Name in CallName]: (params: z.output<(typeof calls)[Name]['params']>) => Promise<CallResult<Name>>;
};

/** A call's answer as it crosses the wire. */
export const replySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('result'), value: z.unknown() }),
  z.strictObject({ kind: z.literal('error'), error: errorWireSchema }),
]);
export type Reply = z.infer<typeof replySchema>;

/** Answers one call by name: checks the parameters on the way in and the result on the way out. Never rejects. */
export type Router = (name: string, params: unknown) => Promise<Reply>;

function isCallName(name: string): name is CallName {
  return Object.hasOwn(calls, name);
}

/** The first problem of a failed parse, with the path that failed. */
export function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return 'not as declared';
  return issue.path.length === 0 ? issue.message : `${issue.path.join('.')}: ${issue.message}`;
}

/** Joins handlers to the contract. `onDefect` hears of every failure that nobody foresaw (`internal`, with its cause). */
export function createRouter(handlers: Handlers, onDefect: (name: string, defect: AppError) => void): Router {
  async function answer(name: CallName, params: unknown): Promise<unknown> {
    const given = calls[name].params.safeParse(params);
    if (!given.success) {
      throw new AppError('call_invalid', `The call ${name} was refused: ${firstIssue(given.error)}.`, {
        details: { call: name },
      });
    }
    // The table ties each handler to its own parameters; the compiler cannot follow that through a union of names.
    const handler = handlers[name] as (params: unknown) => Promise<unknown>;
    const result = calls[name].result.safeParse(await handler(given.data));
    if (!result.success) {
      throw new Error(`The result of ${name} is not as declared: ${firstIssue(result.error)}`);
    }
    return result.data;
  }

  return async (name, params) => {
    try {
      if (!isCallName(name))
        throw new AppError('call_unknown', `There is no call named ${name.slice(0, 80)}.`);
      return { kind: 'result', value: await answer(name, params) };
    } catch (thrown) {
      const error = AppError.from(thrown);
      if (error.code === 'internal') onDefect(name, error);
      return { kind: 'error', error: error.toWire() };
    }
  };
}

/** Carries one call to the engine and its reply back: IPC, HTTP, or a plain function call. */
export type Transport = (name: CallName, params: unknown) => Promise<unknown>;

export type EngineClient = <Name extends CallName>(
  name: Name,
  params: CallParams<Name>,
) => Promise<CallResult<Name>>;

/** The contract's client: checks the result, and rejects with the AppError that the engine raised. */
export function createClient(transport: Transport): EngineClient {
  return async (name, params) => {
    const reply = replySchema.safeParse(await transport(name, params));
    if (!reply.success) {
      throw new AppError(
        'engine_unreachable',
        'The engine answered in a way this window does not understand.',
        {
          action: 'Restart Grantwright: window and engine are probably of different versions.',
        },
      );
    }
    if (reply.data.kind === 'error') throw AppError.fromWire(reply.data.error);
    const value = calls[name].result.safeParse(reply.data.value);
    if (!value.success) {
      throw new AppError(
        'engine_unreachable',
        `The engine's answer to ${name} is not as declared: ${firstIssue(value.error)}.`,
      );
    }
    return value.data as CallResult<typeof name>;
  };
}

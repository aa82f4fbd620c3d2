import type { CallResult } from '../../../shared/contract/calls.ts';
import type { EngineClient } from '../../../shared/contract/router.ts';
import type { ErrorWire } from '../../../shared/errors.ts';
import type { Introspection, TokenStatus } from '../../../shared/model/token.ts';
import type { TokenInspection } from '../../../shared/model/token-inspection.ts';
import { credentialLine, credentialWords, curlCommand } from './credential.ts';

/** What can be done with what is held for a persona, each with its own button. */
export type TokenActionKind =
  | 'inspect'
  | 'copy'
  | 'copy_credential'
  | 'copy_curl'
  | 'introspect_access'
  | 'introspect_refresh'
  | 'revoke'
  | 'logout'
  | 'clear_session'
  | 'forget';

/** What came of an action that went well. */
export type TokenOutcome =
  | { kind: 'inspected'; inspection: TokenInspection }
  /** `what` as the person knows it, for example "the header Authorization". */
  | { kind: 'copied'; what: string }
  | { kind: 'introspected'; introspection: Introspection }
  | { kind: 'revoked'; revoked: CallResult<'tokens.revoke'>['revoked'] }
  | { kind: 'logged_out'; end: CallResult<'tokens.logout'>['end'] }
  | { kind: 'session_cleared' }
  | { kind: 'forgotten' };

/** How the last action of its kind stands. */
export type TokenActionState =
  | { kind: 'running' }
  | { kind: 'done'; outcome: TokenOutcome }
  | { kind: 'failed'; error: ErrorWire };

/** The actions of one token set, by kind. */
export type TokenActions = Partial<Record<TokenActionKind, TokenActionState>>;

/** Puts a text with a token in it into the clipboard. */
export type Copy = (text: string) => Promise<void>;

interface Of {
  profile: string;
  persona: string;
}

/** What an action comes to; `status` is the token set after it, where it changed. */
interface Done {
  outcome: TokenOutcome;
  status?: TokenStatus;
}

/** How each action is done. `asksServer`: it works with the profile's settings, so what was typed is saved first. */
export const tokenActions: Record<
  TokenActionKind,
  { asksServer: boolean; perform: (call: EngineClient, of: Of, copy: Copy) => Promise<Done> }
> = {
  inspect: {
    asksServer: true,
    perform: async (call, of) => ({
      outcome: { kind: 'inspected', inspection: await call('tokens.inspect', of) },
    }),
  },
  copy: {
    asksServer: false,
    perform: async (call, of, copy) => {
      await copy((await call('tokens.reveal', of)).accessToken);
      return { outcome: { kind: 'copied', what: 'the access token' } };
    },
  },
  copy_credential: {
    asksServer: true,
    perform: async (call, of, copy) => {
      const credential = await call('tokens.revealCredential', of);
      await copy(credentialLine(credential));
      return { outcome: { kind: 'copied', what: credentialWords(credential) } };
    },
  },
  copy_curl: {
    asksServer: true,
    perform: async (call, of, copy) => {
      await copy(curlCommand(await call('tokens.revealCredential', of)));
      return { outcome: { kind: 'copied', what: 'a cURL command; put your own address into it' } };
    },
  },
  introspect_access: {
    asksServer: true,
    perform: async (call, of) => introspected(await call('tokens.introspect', of)),
  },
  introspect_refresh: {
    asksServer: true,
    perform: async (call, of) =>
      introspected(await call('tokens.introspect', { ...of, token: 'refresh_token' })),
  },
  revoke: {
    asksServer: true,
    perform: async (call, of) => {
      const { status, revoked } = await call('tokens.revoke', of);
      return { status, outcome: { kind: 'revoked', revoked } };
    },
  },
  logout: {
    asksServer: true,
    perform: async (call, of) => {
      const { status, end } = await call('tokens.logout', of);
      return { status, outcome: { kind: 'logged_out', end } };
    },
  },
  clear_session: {
    asksServer: false,
    perform: async (call, of) => ({
      status: await call('tokens.clearSession', of),
      outcome: { kind: 'session_cleared' },
    }),
  },
  forget: {
    asksServer: false,
    perform: async (call, of) => ({
      status: await call('tokens.forget', of),
      outcome: { kind: 'forgotten' },
    }),
  },
};

function introspected(introspection: Introspection): Done {
  return { outcome: { kind: 'introspected', introspection } };
}

/** The actions that are still under way: all that is left once another token set is looked at, or the tokens are gone. */
export function running(actions: TokenActions): TokenActions {
  return Object.fromEntries(Object.entries(actions).filter(([, state]) => state.kind === 'running'));
}

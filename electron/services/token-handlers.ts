import type { Handlers } from '../../shared/contract/router.ts';
import type { HostQuestions } from './host-questions.ts';
import type { ProfileTokens } from './profile-tokens.ts';

/** The contract's calls about token sets. */
export function tokenHandlers(
  tokens: ProfileTokens,
  questions: HostQuestions,
): Pick<Handlers, Extract<keyof Handlers, `tokens.${string}`>> {
  return {
    'tokens.statuses': async () => ({ statuses: await tokens.statuses() }),
    'tokens.get': (name) => tokens.get(name),
    'tokens.refresh': (name) => tokens.refresh(name),
    'tokens.answerHost': async ({ id, allow }) => {
      questions.answer(id, allow);
      return {};
    },
    'tokens.cancel': async (name) => {
      await tokens.cancel(name);
      return {};
    },
    'tokens.forget': (name) => tokens.forget(name),
    'tokens.reveal': async (name) => ({ accessToken: (await tokens.reveal(name)).reveal() }),
    'tokens.revealCredential': (name) => tokens.revealCredential(name),
    'tokens.revoke': (name) => tokens.revoke(name),
    'tokens.inspect': (name) => tokens.inspect(name),
    'tokens.introspect': ({ token, ...name }) => tokens.introspect(name, token),
    'tokens.logout': (name) => tokens.logout(name),
    'tokens.clearSession': (name) => tokens.clearSession(name),
    'tokens.events': async () => ({ events: await tokens.events() }),
  };
}

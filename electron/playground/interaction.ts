import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider';
import { z } from 'zod';
import type { PlaygroundUser } from '../../shared/model/playground.ts';
import { methodRefusal, Refusal, sendOn, sendPage } from './http-answers.ts';
import { readForm } from './http-bodies.ts';
import type { KeptSessions } from './kept-sessions.ts';
import { consentPage, loginPage } from './pages.ts';
import { knownScopes, nameOf, noKnownScope, userOf, users } from './residents.ts';

/** What the pages of a sign-in need. */
export interface InteractionParts {
  provider: Provider;
  sessions: KeptSessions;
}

interface Visit extends InteractionParts {
  req: IncomingMessage;
  res: ServerResponse;
  clientId: string;
  clientName: string;
  /** The scopes asked for that the playground knows. */
  scopes: readonly string[];
  loginHint: string;
}

const paramsSchema = z.object({
  client_id: z.string(),
  scope: z.string().default(''),
  login_hint: z.string().default(''),
});

async function interactionOf(
  { provider }: InteractionParts,
  req: IncomingMessage,
  res: ServerResponse,
  uid: string,
) {
  try {
    const interaction = await provider.interactionDetails(req, res);
    if (interaction.uid === uid) return interaction;
  } catch (error) {
    if (!(error instanceof Error && error.name === 'SessionNotFound')) throw error;
  }
  throw new Refusal(
    400,
    'interaction_not_found',
    'This sign-in is over, or was started in another browser. Go back and start again.',
  );
}

type Interaction = Awaited<ReturnType<typeof interactionOf>>;

/** Who has signed in to a flow; with a `session`, by having signed in at this browser before. */
interface SignedIn {
  user: PlaygroundUser;
  session: string | undefined;
}

const loginSchema = z.object({ accountId: z.string(), keptSession: z.string().optional() });

function userNamed(username: string, session?: string): SignedIn | undefined {
  const user = users.find((each) => each.username === username);
  return user && { user, session };
}

/**
 * Who has signed in to this flow; undefined: nobody, or the session that it relies on has ended. A flow that has
 * nobody yet takes over the browser's kept session, and from then on has its own user, whoever else signs in there.
 */
async function signedInTo(
  { provider, sessions }: InteractionParts,
  req: IncomingMessage,
  res: ServerResponse,
  { result, prompt }: Interaction,
): Promise<SignedIn | undefined> {
  const login = loginSchema.safeParse(result?.login).data;
  if (login !== undefined) {
    const { accountId, keptSession } = login;
    const ended = keptSession !== undefined && !(await sessions.isAlive(keptSession));
    return ended ? undefined : userNamed(accountId, keptSession);
  }
  // A form is for the page that it was filled in on, and a client may ask for more than a session: a fresh login, ...
  if (req.method === 'POST' || prompt.reasons.some((reason) => reason !== 'no_session')) return undefined;
  const session = await sessions.current(req);
  if (session === undefined) return undefined;
  await provider.interactionResult(req, res, {
    login: { accountId: session.username, keptSession: session.id },
  });
  return userNamed(session.username, session.id);
}

async function login({ provider, req, res, ...visit }: Visit, uid: string): Promise<void> {
  const form = req.method === 'POST' ? await readForm(req) : new URLSearchParams();
  const username = form.get('username');
  if (username === null) {
    return sendPage(res, 200, loginPage({ ...visit, username: visit.loginHint, wrong: false }));
  }
  const user = userOf(username, form.get('password') ?? '');
  if (user === undefined) return sendPage(res, 200, loginPage({ ...visit, username, wrong: true }));
  await provider.interactionResult(req, res, { login: { accountId: user.username } });
  sendOn(res, `/interaction/${uid}`);
}

async function consent(
  { provider, sessions, req, res, ...visit }: Visit,
  { user, session }: SignedIn,
): Promise<void> {
  const decision = req.method === 'POST' ? (await readForm(req)).get('decision') : null;
  if (decision === 'deny') {
    return provider.interactionFinished(req, res, {
      error: 'access_denied',
      error_description: `${user.name} denied the access.`,
    });
  }
  if (decision !== 'allow') return sendPage(res, 200, consentPage({ ...visit, user }));
  const grant = new provider.Grant({ accountId: user.username, clientId: visit.clientId });
  grant.addOIDCScope(visit.scopes.join(' '));
  const grantId = await grant.save();
  if (session === undefined) await sessions.keep(req, res, user.username);
  await provider.interactionFinished(req, res, {
    login: { accountId: user.username },
    consent: { grantId },
  });
}

/**
 * Answers `/interaction/<uid>`: the login page, then the consent page, each at the same address. Who has signed in is
 * remembered with this one flow; with the browser only once the flow was allowed, and if the settings keep sessions.
 */
export async function answerInteraction(
  parts: InteractionParts,
  req: IncomingMessage,
  res: ServerResponse,
  uid: string,
): Promise<void> {
  if (!['GET', 'HEAD', 'POST'].includes(req.method ?? '')) throw methodRefusal('GET, HEAD, POST');
  const interaction = await interactionOf(parts, req, res, uid);
  const params = paramsSchema.parse(interaction.params);
  const asked = knownScopes(params.scope);
  if (asked.length === 0) {
    return parts.provider.interactionFinished(req, res, {
      error: 'invalid_scope',
      error_description: noKnownScope,
    });
  }
  const visit: Visit = {
    ...parts,
    req,
    res,
    clientId: params.client_id,
    clientName: nameOf(params.client_id),
    scopes: asked,
    loginHint: params.login_hint,
  };
  const signedIn = await signedInTo(parts, req, res, interaction);
  await (signedIn === undefined ? login(visit, uid) : consent(visit, signedIn));
}

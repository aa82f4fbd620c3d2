import type { IncomingMessage, ServerResponse } from 'node:http';
import { decodeJwt } from 'jose';
import type { Provider } from 'oidc-provider';
import { z } from 'zod';
import { methodRefusal, Refusal, sendOn, sendPage } from './http-answers.ts';
import { readForm } from './http-bodies.ts';
import type { KeptSessions } from './kept-sessions.ts';
import { signedOutPage, signOutPage, staySignedInPage } from './logout-pages.ts';

/** What signing out needs. */
export interface LogoutParts {
  provider: Provider;
  sessions: KeptSessions;
}

type Client = NonNullable<Awaited<ReturnType<Provider['Client']['find']>>>;

/** A request to sign out that may be granted. */
interface LogoutRequest {
  client: Client | undefined;
  /** Whose id token came along, if it is one of this server's. */
  subject: string | undefined;
  /** Where to go afterwards; undefined: a page of the playground. */
  next: string | undefined;
}

const paramsSchema = z.object({
  id_token_hint: z.string().default(''),
  client_id: z.string().optional(),
  post_logout_redirect_uri: z.string().optional(),
  state: z.string().optional(),
});
type Params = z.infer<typeof paramsSchema>;
const claimsSchema = z.object({ aud: z.string(), sub: z.string() });

function refusal(description: string): Refusal {
  return new Refusal(400, 'invalid_request', description);
}

/** What an id token says that this server signed, expired or not; undefined for anything else. */
async function readHint(provider: Provider, idToken: string) {
  try {
    const client = await provider.Client.find(claimsSchema.parse(decodeJwt(idToken)).aud);
    if (client === undefined) return undefined;
    const { payload } = await provider.IdToken.validate(idToken, client);
    return { client, subject: claimsSchema.parse(payload).sub };
  } catch {
    // An id token of an earlier playground is no proof of anything, but no mistake either: the person is asked.
    return undefined;
  }
}

/** Where to go after signing out. Without a client nobody answers for an address. */
function nextFor(client: Client | undefined, params: Params): string | undefined {
  const { post_logout_redirect_uri: uri, state } = params;
  if (client === undefined || uri === undefined) return undefined;
  if (!client.postLogoutRedirectUriAllowed(uri)) {
    throw refusal('The post_logout_redirect_uri is not one of the client’s.');
  }
  const url = new URL(uri);
  if (state !== undefined) url.searchParams.set('state', state);
  return url.href;
}

async function readRequest(provider: Provider, query: URLSearchParams): Promise<LogoutRequest> {
  for (const name of Object.keys(paramsSchema.shape)) {
    if (query.getAll(name).length > 1) throw refusal(`The parameter ${name} was sent twice.`);
  }
  const params = paramsSchema.parse(Object.fromEntries(query));
  const hint = await readHint(provider, params.id_token_hint);
  const clientId = params.client_id ?? hint?.client.clientId;
  if (hint !== undefined && clientId !== hint.client.clientId) {
    throw refusal('The client_id is not the one that the id token was issued to.');
  }
  const client = clientId === undefined ? undefined : await provider.Client.find(clientId);
  if (client === undefined && clientId !== undefined) {
    throw new Refusal(400, 'invalid_client', 'The client is not known here.');
  }
  return { client, subject: hint?.subject, next: nextFor(client, params) };
}

/**
 * Answers `/logout` (OpenID Connect RP-Initiated Logout 1.0): ends the browser's kept session. It asks first, unless a
 * valid id token comes along that is not somebody else's. Tokens stay good: ending them is what revocation is for.
 */
export async function answerLogout(
  { provider, sessions }: LogoutParts,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  if (req.method !== 'GET' && req.method !== 'POST') throw methodRefusal('GET, POST');
  const form = req.method === 'POST' ? await readForm(req) : undefined;
  const decision = form?.get('decision');
  // A client's POST goes on as a GET, because a browser sends no cookie with a POST from elsewhere.
  if (form !== undefined && decision === null) return sendOn(res, `${provider.issuer}/logout?${form}`);

  const { client, subject, next } = await readRequest(
    provider,
    new URL(req.url ?? '', provider.issuer).searchParams,
  );
  if (decision === 'stay') return sendPage(res, 200, staySignedInPage());
  const username = (await sessions.current(req))?.username;
  const sure = decision === 'sign_out' || (subject !== undefined && (username ?? subject) === subject);
  if (!sure) return sendPage(res, 200, signOutPage({ username, clientId: client?.clientId }));
  await sessions.end(req, res);
  if (next === undefined) sendPage(res, 200, signedOutPage());
  else sendOn(res, next);
}

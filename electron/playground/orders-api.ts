import type { IncomingMessage } from 'node:http';
import type { Provider } from 'oidc-provider';
import { z } from 'zod';
import { methodRefusal, Refusal, sendJson } from './http-answers.ts';
import { readJson } from './http-bodies.ts';
import type { Handler } from './server.ts';

const newOrderSchema = z.strictObject({
  item: z.string().trim().min(1).max(200),
  quantity: z.number().int().min(1).max(10_000),
});
type Order = z.infer<typeof newOrderSchema> & { id: string };

/** The newest orders are kept beyond this many. */
const mostOrders = 1000;

/** The refusal of a token, in the words of RFC 6750 section 3; without an error when there was no token at all. */
function challenge(status: number, error?: string, description?: string, scope?: string): Refusal {
  const parts = { error, error_description: description, scope };
  const given = Object.entries(parts).flatMap(([name, value]) => (value ? [`${name}="${value}"`] : []));
  const header = `Bearer ${['realm="playground"', ...given].join(', ')}`;
  return new Refusal(status, error ?? 'unauthorized', description ?? 'An access token is needed.', {
    'www-authenticate': header,
  });
}

async function scopesOf(provider: Provider, req: IncomingMessage): Promise<Set<string>> {
  const value = /^bearer +(.*)$/i.exec(req.headers.authorization ?? '')?.[1]?.trim();
  if (value === undefined) throw challenge(401);
  const token = (await provider.AccessToken.find(value)) ?? (await provider.ClientCredentials.find(value));
  if (token === undefined) {
    throw challenge(401, 'invalid_token', 'The access token is unknown, expired or revoked.');
  }
  return token.scopes;
}

async function newOrder(req: IncomingMessage): Promise<z.infer<typeof newOrderSchema>> {
  const parsed = newOrderSchema.safeParse(await readJson(req));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') || 'The body';
  throw new Refusal(400, 'invalid_request', `${where}: ${issue?.message ?? 'invalid'}`);
}

function createOrderBook() {
  let lastId = 1000;
  const orders: Order[] = [];
  function add(order: Omit<Order, 'id'>): Order {
    lastId += 1;
    const added = { id: String(lastId), ...order };
    orders.push(added);
    if (orders.length > mostOrders) orders.shift();
    return added;
  }
  add({ item: 'Green tea', quantity: 2 });
  add({ item: 'Teapot', quantity: 1 });
  add({ item: 'Tea cups', quantity: 6 });
  return { orders, add };
}

/**
 * Makes the protected API of one playground, with a few orders in it. It answers paths below `/api`; whatever it does
 * not answer with success it throws as a Refusal.
 */
export function createOrdersApi(provider: Provider): Handler {
  const { orders, add } = createOrderBook();

  return async (req, res, path) => {
    const granted = await scopesOf(provider, req);
    const need = (scope: string) => {
      if (granted.has(scope)) return;
      throw challenge(403, 'insufficient_scope', `This needs the scope ${scope}.`, scope);
    };
    const found = /^\/api\/orders(?:\/([^/]+))?$/.exec(path);
    if (found === null) throw new Refusal(404, 'not_found', 'There is nothing here. Try /api/orders.');
    const id = found[1];
    if (req.method === 'GET' || req.method === 'HEAD') {
      need('orders.read');
      if (id === undefined) return sendJson(res, 200, { orders });
      const order = orders.find((each) => each.id === id);
      if (order === undefined) throw new Refusal(404, 'not_found', 'There is no such order.');
      return sendJson(res, 200, order);
    }
    if (id !== undefined) throw methodRefusal('GET, HEAD');
    if (req.method !== 'POST') throw methodRefusal('GET, HEAD, POST');
    need('orders.write');
    const added = add(await newOrder(req));
    sendJson(res, 201, added, { location: `/api/orders/${added.id}` });
  };
}

import type { PlaygroundUser } from '../../shared/model/playground.ts';
import { html, type Markup } from './markup.ts';
import { type Page, page } from './page.ts';
import { clients, scopes, users } from './residents.ts';

function table(head: readonly string[], rows: readonly (readonly string[])[]): Markup {
  return html`<table>
<thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td><code>${cell}</code></td>`)}</tr>`)}</tbody>
</table>`;
}

const usersTable = table(
  ['User name', 'Password', 'Name'],
  users.map(({ username, password, name }) => [username, password, name]),
);

/** The login page. `username` is filled in; after a wrong password it says so. */
export function loginPage(login: { clientName: string; username: string; wrong: boolean }): Page {
  const alert = html`<p role="alert">The user name or password is wrong.</p>`;
  const focus = (here: boolean) => (here ? html` autofocus` : html``);
  return page(
    'Sign in',
    html`<main>
<h1>Sign in</h1>
<p>to go on to <strong>${login.clientName}</strong></p>
${login.wrong ? alert : html``}
<form method="post">
<label for="username">User name</label>
<input id="username" name="username" value="${login.username}" autocomplete="username" autocapitalize="none" spellcheck="false" required${focus(login.username === '')}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required${focus(login.username !== '')}>
<div class="buttons"><button class="primary">Sign in</button></div>
</form>
</main>
<footer><p>This is the playground, a server for trying things out. Its users:</p>
${usersTable}
</footer>`,
  );
}

/** The consent page: who asks, for what, and as whom one is signed in. */
export function consentPage(consent: {
  clientName: string;
  user: PlaygroundUser;
  scopes: readonly string[];
}): Page {
  const asked = consent.scopes.map(
    (scope) => html`<li>${scopes[scope] ?? scope}<br><code>${scope}</code></li>`,
  );
  return page(
    'Allow access',
    html`<main>
<h1>Allow access?</h1>
<p><strong>${consent.clientName}</strong> asks to act for <strong>${consent.user.name}</strong> (${consent.user.username}). It wants to:</p>
<ul>${asked}</ul>
<form method="post">
<div class="buttons">
<button name="decision" value="deny">Deny</button>
<button class="primary" name="decision" value="allow">Allow</button>
</div>
</form>
</main>`,
  );
}

/** A page that says what went wrong; the flow ends here. */
export function problemPage(title: string, message: string, code: string): Page {
  return page(
    title,
    html`<main><h1>${title}</h1><p role="alert">${message}</p><p><code>${code}</code></p></main>`,
  );
}

function addresses(url: string): Markup {
  return html`<h2>Authorization server</h2>
${table(
  ['What', 'Where'],
  [
    ['Issuer', url],
    ['Authorization URL', `${url}/auth`],
    ['Token URL', `${url}/token`],
    ['Revocation URL', `${url}/revoke`],
    ['Introspection URL', `${url}/introspect`],
    ['Sign-out URL', `${url}/logout`],
    ['User info', `${url}/me`],
  ],
)}
<p><a href="/.well-known/openid-configuration">Its discovery document</a></p>
<h2>Protected API</h2>
${table(
  ['Call', 'Scope'],
  [
    [`GET ${url}/api/orders`, 'orders.read'],
    [`GET ${url}/api/orders/1001`, 'orders.read'],
    [`POST ${url}/api/orders {"item": "Tea", "quantity": 2}`, 'orders.write'],
  ],
)}`;
}

const clientsTable = table(
  ['Client', 'Secret', 'Authentication', 'Grants'],
  clients.map((client) => [
    client.client_id,
    client.client_secret ?? 'none (public)',
    client.token_endpoint_auth_method ?? '',
    client.grant_types?.join(' ') ?? '',
  ]),
);

/** The front page: what this server is, who lives on it, and where its doors are. */
export function homePage(url: string): Page {
  return page(
    'Welcome',
    html`<main class="wide">
<h1>Playground</h1>
<p>A local authorization server (OAuth 2.0, OpenID Connect) and a protected API, for trying and testing. Nothing on
it is secret, nothing is kept when it stops.</p>
${addresses(url)}
<h2>Users</h2>
${usersTable}
<h2>Clients</h2>
${clientsTable}
<p>Redirect URI: <code>http://127.0.0.1/callback</code> or <code>http://localhost/callback</code>, on any port, or
<code>https://example.test/callback</code>. After signing out: the same with <code>/signed-out</code>. Public clients
must use PKCE (S256).</p>
<h2>Scopes</h2>
${table(['Scope', 'What it allows'], Object.entries(scopes))}
</main>`,
  );
}

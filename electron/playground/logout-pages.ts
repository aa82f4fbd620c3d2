import { html } from './markup.ts';
import { type Page, page } from './page.ts';
import { nameOf, users } from './residents.ts';

/** The page that asks whether to sign out: whom, and for which client. */
export function signOutPage(asked: { username: string | undefined; clientId: string | undefined }): Page {
  const user = users.find(({ username }) => username === asked.username);
  const who =
    user === undefined
      ? html`<p>Nobody’s sign-in is kept in this browser.</p>`
      : html`<p>You are signed in as <strong>${user.name}</strong> (${user.username}).</p>`;
  const client =
    asked.clientId === undefined
      ? html``
      : html`<p><strong>${nameOf(asked.clientId)}</strong> asks to sign you out.</p>`;
  return page(
    'Sign out',
    html`<main>
<h1>Sign out?</h1>
${client}
${who}
<form method="post">
<div class="buttons">
<button name="decision" value="stay">Stay signed in</button>
<button class="primary" name="decision" value="sign_out">Sign out</button>
</div>
</form>
</main>`,
  );
}

/** The page after a sign-out that leads nowhere else. */
export function signedOutPage(): Page {
  return page(
    'Signed out',
    html`<main><h1>You are signed out</h1><p>The next sign-in here starts at the login page.</p></main>`,
  );
}

/** The page after the person chose not to sign out. */
export function staySignedInPage(): Page {
  return page('Still signed in', html`<main><h1>You stay signed in</h1><p>Nothing has changed.</p></main>`);
}

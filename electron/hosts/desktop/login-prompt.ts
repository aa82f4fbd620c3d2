import type { BrowserWindow } from 'electron';
import { z } from 'zod';
import type { Challenge } from '../../consent/browsers/challenges.ts';
import { askInWindow, promptPage } from './prompt-window.ts';

const page = promptPage(
  'Sign in',
  `<form autocomplete="off">
<label>User name <input name="username" autofocus></label>
<label>Password <input name="password" type="password"></label>
<div><button type="button">Cancel</button><button type="submit">Sign in</button></div></form>`,
);

function waitForAnswer(title: string, text: string): string {
  return `new Promise((resolve) => {
    document.querySelector('h1').textContent = ${JSON.stringify(title)};
    document.querySelector('p').textContent = ${JSON.stringify(text)};
    const form = document.querySelector('form');
    form.onsubmit = (event) => {
      event.preventDefault();
      resolve([form.username.value, form.password.value]);
    };
    document.querySelector('button[type=button]').onclick = () => resolve(null);
    addEventListener('keydown', (event) => { if (event.key === 'Escape') resolve(null); });
  })`;
}

const answerSchema = z.tuple([z.string(), z.string()]).nullable();

/** Asks the person, in a small window before the consent window, for what a server or a proxy wants; null: they gave nothing. */
export async function askForLogin(
  parent: BrowserWindow,
  { origin, realm }: Pick<Challenge, 'origin' | 'realm'>,
  kind: 'server' | 'proxy' = 'server',
): Promise<{ username: string; password: string } | null> {
  const host = new URL(origin).host;
  const words = realm.replace(/\s+/g, ' ').trim().slice(0, 200);
  const text = words === '' ? 'It asks for a user name and a password.' : `It says: ${words}`;
  const given = await askInWindow(parent, {
    ...{ title: 'Sign in', width: 400, height: 290, page },
    code: waitForAnswer(`${kind === 'proxy' ? 'The proxy ' : ''}${host} wants you to sign in`, text),
  });
  const answer = answerSchema.catch(null).parse(given);
  return answer === null ? null : { username: answer[0], password: answer[1] };
}

import type { BrowserWindow, Certificate } from 'electron';
import { z } from 'zod';
import { askInWindow, promptPage } from './prompt-window.ts';

const page = promptPage(
  'Choose a certificate',
  `<form><section role="radiogroup" aria-label="Certificates"></section>
<div><button type="button">Show none</button><button type="submit">Show this one</button></div></form>`,
  `section { max-height: 190px; overflow: auto; margin: 0 0 14px; border: 1px solid var(--line); border-radius: 6px;
  background: var(--field); }
section label { display: grid; grid-template-columns: auto 1fr; gap: 2px 10px; margin: 0; padding: 9px 12px; }
section label + label { border-top: 1px solid var(--line); }
section input { grid-row: 1 / span 2; align-self: center; margin: 0; accent-color: var(--accent); }
section input:focus { outline: none; }
section label:focus-within { outline: 2px solid var(--accent); outline-offset: -2px; border-radius: 6px; }
section small { font-weight: 400; color: var(--soft); overflow-wrap: anywhere; }
section b { font-weight: 550; overflow-wrap: anywhere; }`,
);

function waitForAnswer(host: string, certificates: readonly { name: string; facts: string }[]): string {
  return `new Promise((resolve) => {
    document.querySelector('h1').textContent = ${JSON.stringify(`${host} asks for a certificate of yours`)};
    document.querySelector('p').textContent = 'It will know you by the one that you choose. These are those of your system.';
    const list = document.querySelector('section');
    ${JSON.stringify(certificates)}.forEach(({ name, facts }, index) => {
      const label = list.appendChild(document.createElement('label'));
      const input = label.appendChild(document.createElement('input'));
      Object.assign(input, { type: 'radio', name: 'certificate', value: String(index), checked: index === 0 });
      label.appendChild(document.createElement('b')).textContent = name;
      label.appendChild(document.createElement('small')).textContent = facts;
    });
    list.querySelector('input').focus();
    const form = document.querySelector('form');
    form.onsubmit = (event) => {
      event.preventDefault();
      resolve(Number(form.certificate.value));
    };
    document.querySelector('button[type=button]').onclick = () => resolve(null);
    addEventListener('keydown', (event) => { if (event.key === 'Escape') resolve(null); });
  })`;
}

const day = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10);

/** Lets the person choose which of the system's certificates a server is shown; null: none. */
export async function askForCertificate(
  parent: BrowserWindow,
  url: string,
  certificates: readonly Certificate[],
): Promise<Certificate | null> {
  const rows = certificates.map(({ subjectName, issuerName, validStart, validExpiry }) => ({
    name: subjectName,
    facts: `Issued by ${issuerName}, valid from ${day(validStart)} to ${day(validExpiry)}`,
  }));
  const host = URL.canParse(url) ? new URL(url).host : url;
  const given = await askInWindow(parent, {
    // As high as what there is to choose from, and then it scrolls.
    ...{ title: 'Choose a certificate', width: 460, height: 200 + 58 * Math.min(rows.length, 3), page },
    code: waitForAnswer(host.slice(0, 200), rows),
  });
  const index = z.number().int().nullable().catch(null).parse(given);
  return index === null ? null : (certificates[index] ?? null);
}

import { createHash } from 'node:crypto';
import { html, Markup } from './markup.ts';

/** A whole page and the headers it must be sent with. */
export interface Page {
  text: string;
  headers: Readonly<Record<string, string>>;
}

const css = `
:root { color-scheme: light dark; --ground: #f6f7f9; --surface: #fff; --sunken: #eef0f4; --line: #e1e4ea;
  --line-strong: #c9ced8; --ink: #171b24; --ink-2: #4d5566; --accent: #3b5bdb; --accent-ink: #fff;
  --accent-text: #2f4ac0; --bad: #c02a2a; --bad-soft: #fdeaea;
  --shadow: 0 1px 2px rgb(16 24 40 / 6%), 0 4px 16px rgb(16 24 40 / 6%); }
@media (prefers-color-scheme: dark) { :root { --ground: #0f1218; --surface: #151a22; --sunken: #0c0f14;
  --line: #262d3a; --line-strong: #384253; --ink: #e8ebf1; --ink-2: #b1b9c8; --accent: #5c7cfa;
  --accent-ink: #0b1020; --accent-text: #a5b8ff; --bad: #ff7b7b; --bad-soft: #331a1c;
  --shadow: 0 1px 2px rgb(0 0 0 / 40%), 0 8px 24px rgb(0 0 0 / 30%); } }
* { box-sizing: border-box; }
body { margin: 0; padding: 48px 16px; background: var(--ground); color: var(--ink);
  font: 14px/1.5 Inter, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 400px; margin: 0 auto; padding: 24px; background: var(--surface); border: 1px solid var(--line);
  border-radius: 12px; box-shadow: var(--shadow); overflow-wrap: anywhere; }
main.wide { max-width: 760px; overflow-x: auto; }
main > :last-child { margin-bottom: 0; }
h1 { margin: 0 0 12px; font-size: 20px; line-height: 1.3; }
h2 { margin: 24px 0 8px; font-size: 15px; }
p { margin: 0 0 16px; color: var(--ink-2); }
strong { color: var(--ink); }
label { display: block; margin: 0 0 4px; font-weight: 600; }
input { width: 100%; height: 36px; margin: 0 0 16px; padding: 0 12px; font: inherit; color: var(--ink);
  background: var(--surface); border: 1px solid var(--line-strong); border-radius: 5px; }
.buttons { display: flex; gap: 8px; }
button { flex: 1; height: 36px; padding: 0 16px; font: inherit; font-weight: 600; cursor: pointer;
  color: var(--ink); background: var(--surface); border: 1px solid var(--line-strong); border-radius: 5px; }
button.primary { color: var(--accent-ink); background: var(--accent); border-color: var(--accent); }
a { color: var(--accent-text); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
[role="alert"] { padding: 8px 12px; color: var(--bad); background: var(--bad-soft); border-radius: 5px; }
ul { margin: 0 0 24px; padding: 0; list-style: none; border: 1px solid var(--line); border-radius: 8px; }
li { padding: 8px 12px; }
li code { color: var(--ink-2); }
li + li { border-top: 1px solid var(--line); }
table { width: 100%; margin: 0 0 16px; border-collapse: collapse; overflow-wrap: break-word; }
th, td { padding: 4px 12px 4px 0; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
th { border-top: 0; color: var(--ink-2); font-weight: 600; }
code { font: 12px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
footer { max-width: 400px; margin: 16px auto 0; color: var(--ink-2); }
`;

// No form-action: Chromium applies it to the redirect after a form too, and that leads to the client.
const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(css).digest('base64')}'`,
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Puts content on a page of the playground's look, light or dark by the system. It loads nothing and runs nothing. */
export function page(title: string, content: Markup): Page {
  const markup = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Playground</title>
<style>${new Markup(css)}</style>
</head>
<body>
${content}
</body>
</html>
`;
  return {
    text: markup.text,
    headers: { 'content-security-policy': contentSecurityPolicy, 'referrer-policy': 'no-referrer' },
  };
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { exchangeAdvice } from '../../../electron/oauth/grants/token-exchange.ts';
import { answerAdvice } from '../../../electron/oauth/quirks/answer-advice.ts';
import { approvalQuirks } from '../../../electron/oauth/quirks/approval-quirks.ts';
import { bodyQuirks, contentQuirks } from '../../../electron/oauth/quirks/body-quirks.ts';
import { discoveryAdvice } from '../../../electron/oauth/quirks/discovery-findings.ts';
import { errorQuirks, errorStatusAdvice } from '../../../electron/oauth/quirks/error-quirks.ts';
import { idTokenAdvice } from '../../../electron/oauth/quirks/id-token-findings.ts';
import { namingQuirks } from '../../../electron/oauth/quirks/naming-quirks.ts';
import { timeQuirks } from '../../../electron/oauth/quirks/time-quirks.ts';
import { valueQuirks } from '../../../electron/oauth/quirks/value-quirks.ts';
import { redirectAdvice } from '../../../electron/oauth/redirect-findings.ts';
import { updateAdvice } from '../../../electron/tokens/token-findings.ts';
import { profileAdvice } from '../../../shared/advisor/profile-advice.ts';
import { tokenAdvice } from '../../../shared/advisor/token-advice.ts';
import { presets } from '../../../shared/presets/index.ts';
import { root } from '../../fixtures/electron-runtime.ts';
import { presetRows } from '../../fixtures/servers/preset-rows.ts';

const documents = join(root, 'docs');

/** What a table of findings tells of each, so far as it is the same for all servers. */
type Told = readonly { code: string; severity: string; source: string; text: (about: string) => string }[];

function table(...tables: Told[]): string {
  const rows = tables
    .flat()
    .map(({ code, severity, source, text }) => `| \`${code}\` | ${severity} | ${text('…')} | ${source} |`);
  return ['| name | severity | what | source |', '| --- | --- | --- | --- |', ...rows.sort()].join('\n');
}

const findings = `# What the app tells of servers and profiles

Real servers break the RFCs, and profiles can be safer than they are. What is noticed stands beside the token in the Auth
Manager, and \`grantwright token status\` and \`grantwright profile check\` print it. None of it keeps a token from being used.

## Redirects: how they come otherwise

${table(redirectAdvice)}

## Answers: what they have that the RFCs do not

Each is put right before the protocol library sees the answer.

${table(bodyQuirks, contentQuirks, namingQuirks, valueQuirks, timeQuirks, approvalQuirks)}

What is told besides, and left as it is; \`issued_token_type_missing\` of a token exchange alone:

${table(answerAdvice, exchangeAdvice)}

## Errors: how they are told otherwise

${table(errorQuirks, [errorStatusAdvice])}

## Servers: what their documents, id tokens and updates show

${table(discoveryAdvice, idTokenAdvice, updateAdvice)}

## Advice: what a profile and its tokens could do better

${table(profileAdvice, tokenAdvice)}
`;

it('docs/findings.md lists every finding; `vitest -u` writes it anew', async () => {
  await expect(findings).toMatchFileSnapshot(join(documents, 'findings.md'));
});

it('no source file grades a finding that docs/findings.md does not list', () => {
  const files = ['electron', 'shared'].flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' }).map((file) =>
      join(root, room, file),
    ),
  );
  const grading = files
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(file, 'utf8'))
    .filter((text) => text.includes("severity: '"));
  const codes = grading.flatMap((text) => [...text.matchAll(/\bcode: '(\w+)'/g)].map(([, code]) => code));
  expect(codes).toContain('redirect_token_in_query');
  expect(codes.filter((code) => !findings.includes(`| \`${code}\` |`))).toEqual([]);
});

/** Each preset with its maker's documentation, and how the servers differ that it was tried against. */
function presetTable(): string {
  const rows = presets.map(({ id, maker, name, documentation }) => {
    const tried = presetRows.filter(({ preset }) => preset === id).map((row) => row.tried);
    if (tried.length === 0) throw new Error(`The preset ${id} is tried against no server.`);
    return `| \`${id}\` | [${maker}: ${name}](${documentation}) | ${tried.join('; ')} |`;
  });
  return ['| preset | documentation | its stand-in |', '| --- | --- | --- |', ...rows].join('\n');
}

const presetsTried = `# What each preset was tried against

A stand-in that answers on the wire as the maker documents; with a \`;\`, several.

${presetTable()}

Each with a login page goes the same way: a token through that page, an API call, two refreshes (the second with what the
first brought), a refused refresh and what follows by itself, and a wrong secret, but for \`apiax\`, whose client has none.
\`client_credentials\` and \`microsoft_app\` repeat their grant, and \`processmaker_refresh\` begins with a pasted refresh token.
`;

it('docs/presets.md says of each preset what it was tried against; `vitest -u` writes it anew', async () => {
  await expect(presetsTried).toMatchFileSnapshot(join(documents, 'presets.md'));
});

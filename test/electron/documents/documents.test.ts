import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { answerQuirks } from '../../../electron/oauth/quirks/answer-quirks.ts';
import { approvalQuirks } from '../../../electron/oauth/quirks/approval-quirks.ts';
import { bodyQuirks, contentQuirks } from '../../../electron/oauth/quirks/body-quirks.ts';
import { discoveryQuirks } from '../../../electron/oauth/quirks/discovery-findings.ts';
import { errorQuirks, errorStatusQuirk } from '../../../electron/oauth/quirks/error-quirks.ts';
import { idTokenQuirks } from '../../../electron/oauth/quirks/id-token-findings.ts';
import { namingQuirks } from '../../../electron/oauth/quirks/naming-quirks.ts';
import { timeQuirks } from '../../../electron/oauth/quirks/time-quirks.ts';
import { valueQuirks } from '../../../electron/oauth/quirks/value-quirks.ts';
import { updateQuirks } from '../../../electron/tokens/token-findings.ts';
import { profileAdvice } from '../../../shared/advisor/profile-advice.ts';
import { tokenAdvice } from '../../../shared/advisor/token-advice.ts';
import { presets } from '../../../shared/presets/index.ts';

const documents = join(import.meta.dirname, '../../../docs');

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

## Answers: what they have that the RFCs do not

Each is put right before the protocol library sees the answer.

${table(bodyQuirks, contentQuirks, namingQuirks, valueQuirks, timeQuirks, answerQuirks, approvalQuirks)}

## Errors: how they are told otherwise

${table(errorQuirks, [errorStatusQuirk])}

## Servers: what their documents, id tokens and updates show

${table(discoveryQuirks, idTokenQuirks, updateQuirks)}

A redirect that comes another way than it was asked for is told as \`response_mode_ignored\`, a token in its query as
\`redirect_token_in_query\`.

## Advice: what a profile and its tokens could do better

${table(profileAdvice, tokenAdvice)}
`;

it('docs/findings.md lists every finding; `vitest -u` writes it anew', async () => {
  await expect(findings).toMatchFileSnapshot(join(documents, 'findings.md'));
});

it('docs/servers.md says of each preset what it was tried against', () => {
  const told = readFileSync(join(documents, 'servers.md'), 'utf8');
  for (const { id, documentation } of presets) {
    expect(told).toContain(`| \`${id}\` `);
    expect(told).toContain(documentation);
  }
});

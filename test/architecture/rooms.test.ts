// First, since it must be there when dependency-cruiser loads its parser.
import './swc-tsx.ts';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser';
import { afterEach, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { forbidden, options } = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as {
  forbidden: [];
  options: ICruiseOptions;
};

/** The rules broken below a folder, each with the import that breaks it. */
async function violations(baseDir: string): Promise<string[]> {
  const { output } = await cruise(['shared', 'electron', 'renderer'], {
    ...options,
    baseDir,
    validate: true,
    ruleSet: { forbidden },
  });
  const { summary } = output as ICruiseResult;
  expect(summary.totalCruised).toBeGreaterThan(0);
  return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`);
}

const probes: Record<string, [file: string, source: string]> = {
  'shared-imports-only-zod': ['shared/probe.ts', "import 'node:fs';"],
  'renderer-knows-shared-alone': ['renderer/probe.ts', "import '../electron/oauth/target.ts';"],
  'renderer-has-no-node': [
    'renderer/probe.tsx',
    "import 'node:path'; export const Probe = () => <b>{1}</b>;",
  ],
  'features-meet-through-index': ['renderer/features/a/probe.ts', "import '../b/inner.ts';"],
  'ui-knows-nothing-of-the-app': ['renderer/ui/probe.ts', "import '../features/b/inner.ts';"],
  'network-knows-shared-alone': ['electron/network/probe.ts', "import '../oauth/target.ts';"],
  'oauth-knows-network-and-shared': ['electron/oauth/probe.ts', "import '../tokens/target.ts';"],
  'files-knows-shared-alone': ['electron/files/probe.ts', "import '../tokens/target.ts';"],
  'tokens-is-a-room': [
    'electron/tokens/probe.ts',
    "import type { A } from '../requests/target.ts'; export type B = A;",
  ],
  'services-know-no-host': ['electron/services/probe.ts', "import '../hosts/web/target.ts';"],
  'hosts-never-import-each-other': ['electron/hosts/cli/probe.ts', "import '../web/target.ts';"],
  'hosts-not-the-renderer': [
    'electron/hosts/cli/probe.ts',
    "import '../../../renderer/features/b/inner.ts';",
  ],
  'electron-only-in-electron-hosts-desktop': ['electron/hosts/web/probe.ts', "import 'electron';"],
  'playwright-core-only-in-electron-consent': [
    'electron/services/probe.ts',
    "import type { Page } from 'playwright-core'; export type B = Page;",
  ],
  'undici-only-in-electron-requests': ['electron/tokens/probe.ts', "import 'undici';"],
  'no-circles': ['shared/probe.ts', "import './probe-back.ts';"],
  'everything-resolves': ['shared/probe.ts', "import './nowhere.ts';"],
};

describe('the dependency rule', () => {
  let folder: string | undefined;
  afterEach(async () => {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    folder = undefined;
  });

  it('is kept by every file', async () => {
    expect(await violations(root)).toEqual([]);
  });

  it('has a probe for each kind of rule', () => {
    const names = (forbidden as { name: string }[])
      .map((rule) => rule.name)
      .filter((name) => !name.endsWith('-is-a-room'));
    expect(Object.keys(probes)).toEqual(expect.arrayContaining(names));
  });

  it.each(Object.entries(probes))('breaks when %s is broken', async (rule, [file, source]) => {
    await mkdir(join(root, '.cache'), { recursive: true });
    folder = await mkdtemp(join(root, '.cache', 'probe-'));
    const files: Record<string, string> = {
      'electron/oauth/target.ts': 'export type A = 1;',
      'electron/tokens/target.ts': 'export type A = 1;',
      'electron/requests/target.ts': 'export type A = 1;',
      'electron/hosts/web/target.ts': 'export type A = 1;',
      'renderer/features/b/inner.ts': 'export type A = 1;',
      'shared/probe-back.ts': "import './probe.ts';",
      'shared/probe.ts': '',
      [file]: source,
    };
    for (const [path, text] of Object.entries(files)) {
      await mkdir(join(folder, dirname(path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    expect((await violations(folder)).map((each) => each.split(':')[0])).toContain(rule);
  });
});

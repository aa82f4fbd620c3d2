import { watchFile } from '../tokens/vault-watch.ts';
import { describeDefect } from './defect.ts';
import type { ProfileTokens } from './profile-tokens.ts';
import { settingsFileName } from './settings.ts';
import type { Workspace } from './workspace.ts';

/** Runs work again when it is asked for while it runs: once, however often. */
function coalesced(work: () => Promise<void>): { ask: () => void; idle: () => Promise<void> } {
  let running: Promise<void> | null = null;
  let isDue = false;
  async function run(): Promise<void> {
    do {
      isDue = false;
      await work().catch((thrown: unknown) =>
        console.error(`What other processes did could not be read.\n${describeDefect(thrown)}`),
      );
    } while (isDue);
    running = null;
  }
  return {
    ask() {
      isDue = true;
      running ??= run();
    },
    idle: async () => {
      await running;
    },
  };
}

/** Lets the windows of this process see what others do: to the vault, to the trust in a project, and what they tell the timeline. */
export function followOthers(
  folder: string,
  { tokens, workspace }: { tokens: ProfileTokens; workspace: Workspace },
): { close(): Promise<void> } {
  const statuses = coalesced(async () => void (await tokens.statuses()));
  const events = coalesced(() => tokens.followEvents());
  const trust = coalesced(() => workspace.followTrust());
  const watches = [
    watchFile(folder, 'vault.json', statuses.ask),
    watchFile(folder, 'timeline.jsonl', events.ask),
    watchFile(folder, settingsFileName, trust.ask),
  ];
  return {
    async close() {
      for (const watch of watches) watch.close();
      await Promise.all([statuses.idle(), events.idle(), trust.idle()]);
    },
  };
}

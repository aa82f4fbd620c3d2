import { Command } from 'commander';
import { withProject } from '../engine.ts';
import { bold, plain, timelineLine } from '../output.ts';
import { engineOptions, type GivenOptions, readCount, withProjectOptions } from '../project-options.ts';

interface TimelineOptions extends GivenOptions {
  json?: boolean;
  last: number;
}

/** `grantwright timeline [profile]`: what happened to the tokens of a project, in whichever host. */
export function timelineCommand(version: string): Command {
  const command = new Command('timeline')
    .description('Show what happened to tokens; kept as long as tokens are (see GRANTWRIGHT_VAULT_KEY)')
    .argument('[profile]', 'only of this profile')
    .option('--json', 'as JSON, for other programs')
    .option('-n, --last <count>', 'how many, the newest', readCount(1), 50);
  return withProjectOptions(command, 'only of this persona').action(
    async (profile: string | undefined, options: TimelineOptions) => {
      await withProject(engineOptions(version, options), async ({ call }) => {
        const all = (await call('tokens.events', {})).events;
        const { persona } = options;
        const of = all.filter(
          (event) =>
            event.profile === (profile ?? event.profile) && event.persona === (persona ?? event.persona),
        );
        const shown = of.slice(-options.last);
        if (options.json) return console.log(JSON.stringify({ events: shown }, null, 2));
        if (shown.length === 0) console.error('Nothing has happened yet.');
        let day = '';
        for (const event of shown) {
          const today = new Date(event.atMs).toISOString().slice(0, 10);
          if (today !== day) console.log(bold(today));
          day = today;
          console.log(`${timelineLine(event)}  ${plain(`${event.profile} · ${event.persona}`)}`);
        }
      });
    },
  );
}

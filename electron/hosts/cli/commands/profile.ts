import { Command, Option } from 'commander';
import { gravestFirst, isAtLeast } from '../../../../shared/advisor/advice.ts';
import { adviseProfile } from '../../../../shared/advisor/profile-advice.ts';
import { adviseToken } from '../../../../shared/advisor/token-advice.ts';
import { AppError } from '../../../../shared/errors.ts';
import { type Finding, type Severity, severitySchema } from '../../../../shared/model/finding.ts';
import type { Environment } from '../../../../shared/model/variable.ts';
import { environmentOverride } from '../../data-folder.ts';
import { type CliEngine, withProject } from '../engine.ts';
import { bold, dim, exitCodes, findingLine, plain } from '../output.ts';
import { engineOptions, type GivenOptions, withProjectOptions } from '../project-options.ts';

interface CheckOptions extends GivenOptions {
  failOn?: Severity;
  json?: boolean;
}

interface Checked {
  profile: string;
  persona: string;
  findings: Finding[];
}

/** The values of an environment's variables as requests find them: the command line's, CI's, its own. */
function valuesOf(
  environment: Environment | undefined,
  given: Record<string, string>,
): Record<string, string> {
  const own = Object.entries(environment?.variables ?? {});
  const values = own.map(([name, value]) => [name, environmentOverride(name) ?? value]);
  return { ...Object.fromEntries(values), ...given };
}

/**
 * The profiles that are asked for, each with what is to be told of it and of what its active persona holds; a persona that
 * is named is that of each profile that has it. Throws `profile_not_found`, `persona_not_found`.
 */
async function check(
  { call }: CliEngine,
  wanted: string | undefined,
  { persona: named, var: given }: CheckOptions,
): Promise<Checked[]> {
  const state = await call('project.current', {});
  if (state.kind === 'closed') throw new AppError('project_not_open', 'No project is open.');
  const { profiles, environments } = state.project;
  if (wanted !== undefined && !profiles.some(({ id }) => id === wanted)) {
    const ids = profiles.map(({ id }) => id).join(', ');
    throw new AppError(
      'profile_not_found',
      `There is no profile ${plain(wanted).slice(0, 80)} in this project.`,
      { action: `It has: ${ids || 'none'}.` },
    );
  }
  if (named !== undefined) await call('settings.setPersona', { profile: wanted ?? null, persona: named });
  const { personas, environment } = await call('settings.read', {});
  const { statuses } = await call('tokens.statuses', {});
  const variables = valuesOf(environments.find(({ id }) => id === environment)?.environment, given);
  return profiles
    .filter(({ id }) => id === (wanted ?? id))
    .map(({ id, profile }) => {
      const status = statuses.find((one) => one.profile === id && one.persona === personas[id]);
      if (status === undefined) throw new AppError('internal', `The active persona of ${id} has no status.`);
      return {
        profile: id,
        persona: status.persona,
        findings: gravestFirst([...adviseProfile(profile, variables), ...adviseToken(status)]),
      };
    });
}

function print(all: readonly Checked[]): void {
  for (const { profile, persona, findings } of all) {
    console.log(
      `${bold(profile)} ${dim(plain(persona))}  ${findings.length} finding${findings.length === 1 ? '' : 's'}`,
    );
    for (const finding of findings) console.log(findingLine(finding));
  }
}

function checkCommand(version: string): Command {
  const failOn = new Option(
    '--fail-on <severity>',
    'end with 1 when a finding is as grave as this, or graver',
  ).choices(severitySchema.options);
  const command = new Command('check')
    .description('Tell what RFC 9700 has against profiles, and what was noticed in the tokens that are held')
    .argument('[profile]', "the profile's id; default: all of the project")
    .addOption(failOn)
    .option('--json', 'as JSON, for other programs');
  return withProjectOptions(command).action(async (profile: string | undefined, options: CheckOptions) => {
    await withProject(engineOptions(version, options), async (engine) => {
      const all = await check(engine, profile, options);
      if (options.json) console.log(JSON.stringify({ profiles: all }, null, 2));
      else print(all);
      const { failOn: least } = options;
      if (least === undefined) return;
      if (all.some(({ findings }) => findings.some(({ severity }) => isAtLeast(severity, least))))
        process.exitCode = exitCodes.found;
    });
  });
}

/** `grantwright profile check [profile]`. */
export function profileCommand(version: string): Command {
  return new Command('profile')
    .description('Look at the profiles of a project')
    .addCommand(checkCommand(version));
}

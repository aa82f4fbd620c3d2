import { AppError } from '../../shared/errors.ts';
import { automationFile } from '../../shared/model/profile.ts';
import { Secret } from '../../shared/secret.ts';
import type { ConsentFlow } from '../consent/consent-flow.ts';
import type { KeptSession } from '../consent/kept-session.ts';
import type { ScriptVars } from '../consent/redact.ts';
import type { ResolvedProfile } from '../oauth/resolved-profile.ts';
import { sessionEntryName, type TokenSubject } from '../tokens/token-subject.ts';
import type { ConsentOptions } from '../tokens/token-updates.ts';
import type { Vault } from '../tokens/vault.ts';
import { readAutomation } from './automation.ts';
import type { HostQuestions } from './host-questions.ts';
import type { Reach } from './reach.ts';
import type { TestRuns } from './test-runs.ts';

export interface ConsentFlowParts {
  reach: Reach;
  vault: () => Vault;
  testRuns: Pick<TestRuns, 'take'>;
  questions: Pick<HostQuestions, 'ask'>;
  /** Throws `project_not_trusted`. */
  assertTrusted: (
    folder: string,
    profile: Pick<ResolvedProfile, 'id' | 'name'>,
    file: string,
  ) => Promise<void>;
}

/** A consent but for where it goes. */
export type UnaddressedFlow = Omit<ConsentFlow, 'redirectUri' | 'begin'>;

export interface ConsentFlows {
  /**
   * Who works the screens of a token set's owner, and with what. Throws `project_not_trusted` and `script_not_found` where
   * a script is to.
   */
  flowFor(subject: TokenSubject, options: ConsentOptions): Promise<UnaddressedFlow>;
  /** The vault's entry for the persona's session, if the profile keeps it. */
  keptSession(subject: TokenSubject): KeptSession | null;
}

/** The project was read with the script in it, and on the disk it is no more. */
function scriptGone(file: string, { name }: ResolvedProfile): AppError {
  return new AppError('script_not_found', `${file}, the automation script of “${name}”, is gone.`, {
    action:
      'Put it back or write it anew in the Auth Manager; check that the folder of the project is there.',
    details: { file },
  });
}

/** All that a script finds in `vars`. What is plain in its surroundings may be shown: it is no value of anybody's. */
function varsOf(around: ScriptVars, own: ScriptVars): { vars: ScriptVars; plain: Record<string, string> } {
  const secrets = Object.entries(around).filter(([, value]) => value instanceof Secret);
  const plain = Object.entries(around).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return { vars: { ...Object.fromEntries(secrets), ...own }, plain: Object.fromEntries(plain) };
}

/** Makes consents out of the owners of token sets. */
export function createConsentFlows({
  reach,
  vault,
  testRuns,
  questions,
  assertTrusted,
}: ConsentFlowParts): ConsentFlows {
  function keptSession({ key, session }: TokenSubject): KeptSession | null {
    if (session === 'fresh') return null;
    const name = sessionEntryName(key);
    return {
      async read() {
        const text = await vault().read(name);
        return text === undefined ? null : new Secret(text);
      },
      write: (state) => vault().write(name, state.reveal()),
    };
  }

  return {
    keptSession,
    async flowFor(subject, options) {
      const { vars } = subject;
      const { profile, network } = await reach(subject.profile);
      const trial = subject.testRun === undefined ? undefined : testRuns.take(subject.testRun);
      // Asked anew at this moment: trust may have been taken back since the policy was.
      const byScript = !options.attended || trial !== undefined;
      const file = automationFile(profile.id, trial?.script.kind ?? subject.automation);
      if (byScript) await assertTrusted(subject.key.project, profile, file);
      const saved = () => readAutomation(subject.key.project, profile.id, subject.automation);
      const script = trial?.script ?? (byScript ? await saved() : null);
      if (byScript && script === null) throw scriptGone(file, profile);
      const around = script === null ? {} : await subject.surroundings();
      return {
        profileName: profile.name,
        script,
        scriptHosts: subject.scriptHosts,
        ...varsOf(around, vars),
        hidden: profile.hidden,
        network,
        session: keptSession(subject),
        ...subject.consent,
        attended: !byScript,
        ...(trial === undefined
          ? {}
          : { watcher: trial.watcher, shown: trial.visible, stepping: trial.stepping }),
        onOpenUrl: options.onOpenUrl,
        ...(options.onQuestion === undefined
          ? {}
          : { onAskHost: (asked, over) => questions.ask(asked, { ...options, over }) }),
        onLog(line) {
          options.onLog(line);
          trial?.onLog(line);
        },
        ...(options.onHandOver === undefined || trial !== undefined
          ? {}
          : { onHandOver: options.onHandOver }),
      };
    },
  };
}

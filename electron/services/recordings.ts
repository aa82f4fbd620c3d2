import { AppError } from '../../shared/errors.ts';
import { isRedirectGrant } from '../../shared/model/grant.ts';
import { fixedVars } from '../../shared/script-api/script-types.ts';
import type { ConsentService } from '../consent/consent-service.ts';
import type { RecordedScript } from '../consent/recorder/recorder.ts';
import { type PendingAuthorization, startAuthorization } from '../oauth/authorization.ts';
import { readRedirect } from '../oauth/redirect.ts';
import { resolveTemplate, type VariableLookup } from '../requests/variables.ts';
import type { Host } from './host.ts';
import type { TokenName } from './profile-tokens.ts';
import type { Reach } from './reach.ts';
import { personaIn, profileIn, type Scope } from './scope.ts';
import { subjectOf } from './subjects.ts';
import type { Variables } from './variables.ts';
import type { Workspace } from './workspace.ts';

export interface RecordingParts {
  host: Host;
  workspace: Workspace;
  variables: Variables;
  consent: ConsentService;
  reach: Reach;
}

/** The recordings of logins, at most one for each profile. */
export interface Recordings {
  /**
   * Records a login; one of the same profile that is under way ends. The code that the server sends back is not used.
   * Throws `consent_required`, `consent_cancelled`, `consent_denied`, and what making the profile ready throws.
   */
  record(name: TokenName): Promise<RecordedScript>;
  cancel(profile: string): void;
  /** Ends all: another project is open, or none. */
  leave(): void;
}

/** What a script may call whom it runs for; nobody types these into a page. */
const namesItself: readonly string[] = fixedVars;

/** A scope in which a persona has only the values that can be had: a recording is made to find out the others. */
async function withValuesAtHand(
  scope: Scope,
  lookup: VariableLookup,
  { profile: id, persona: name }: TokenName,
): Promise<Scope> {
  const persona = personaIn(scope, id, name);
  const atHand = await Promise.all(
    persona.values.map(({ value }) =>
      resolveTemplate(value, lookup).then(
        ({ text }) => text !== '',
        () => false,
      ),
    ),
  );
  const ready = { ...persona, values: persona.values.filter((_, index) => atHand[index]) };
  const profiles = scope.project.profiles.map((entry) => {
    if (entry.id !== id) return entry;
    const personas = entry.profile.personas.map((each) => (each === persona ? ready : each));
    return { ...entry, profile: { ...entry.profile, personas } };
  });
  return { ...scope, project: { ...scope.project, profiles } };
}

/** Joins the recorder to the open project. */
export function createRecordings(parts: RecordingParts): Recordings {
  const { host, workspace, variables, consent, reach } = parts;
  const running = new Map<string, AbortController>();

  async function run(name: TokenName, signal: AbortSignal): Promise<RecordedScript> {
    const open = workspace.scope();
    const scope = await withValuesAtHand(open, variables.lookupIn(open), name);
    const subject = await subjectOf(scope, variables, name.profile, name.persona);
    const { scriptHosts } = subject;
    const { profile, network, context } = await reach(subject.profile);
    const around = Object.entries(await subject.surroundings()).filter(([key]) => !namesItself.includes(key));
    // As a script finds them; of two that are alike the persona's is named.
    const vars = { ...subject.vars, ...Object.fromEntries(around), ...subject.vars };
    const { grant } = profile;
    if (!isRedirectGrant(grant)) {
      throw new AppError('not_supported_here', `“${profile.name}” has no login page: its grant needs none.`, {
        action: 'Record the login of a profile with the authorization code or the implicit grant.',
      });
    }
    let pending: PendingAuthorization | undefined;
    const { capture, typed, source, missing, hosts } = await consent.record(
      {
        ...{ profileName: profile.name, redirectUri: grant.redirectUri, vars, hidden: profile.hidden },
        ...{ scriptHosts, network },
        redirectPorts: subject.consent.redirectPorts,
        onStep: (steps) => host.emit({ kind: 'recording', profile: name.profile, steps }),
        begin: async (redirectUri) => {
          pending = await startAuthorization(profile, redirectUri, context, signal);
          return pending.url;
        },
      },
      signal,
    );
    if (pending === undefined) throw new Error('the recording ended before it began');
    // A script that leads to a refusal is none.
    readRedirect(capture, pending, [...profile.hidden, ...typed]);
    return { source, missing, hosts };
  }

  return {
    async record(name) {
      const { profile } = profileIn(workspace.scope(), name.profile);
      if (!host.personPresent()) {
        throw new AppError(
          'consent_required',
          `A login of “${profile.name}” can only be recorded by a person.`,
          {
            action: 'Record it in the desktop app, or in the web host with somebody at the screen.',
          },
        );
      }
      running.get(name.profile)?.abort();
      const controller = new AbortController();
      running.set(name.profile, controller);
      host.emit({ kind: 'recording', profile: name.profile, steps: 0 });
      try {
        return await run(name, controller.signal);
      } finally {
        // Another recording of the profile may have begun: its own steps are told.
        if (running.get(name.profile) === controller) {
          running.delete(name.profile);
          host.emit({ kind: 'recording', profile: name.profile, steps: null });
        }
      }
    },
    cancel: (profile) => running.get(profile)?.abort(),
    leave() {
      for (const controller of running.values()) controller.abort();
    },
  };
}

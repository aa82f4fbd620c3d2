import type { Handlers } from '../../shared/contract/router.ts';
import { AppError } from '../../shared/errors.ts';
import { grantPresence } from '../../shared/model/grant.ts';
import { automationFile } from '../../shared/model/profile.ts';
import type { ProfileTokens } from './profile-tokens.ts';
import { personaIn, profileIn } from './scope.ts';
import type { TestRuns } from './test-runs.ts';
import type { Workspace } from './workspace.ts';

function noScreens(name: string): AppError {
  return new AppError(
    'not_supported_here',
    `The grant of “${name}” has no screens that a script could work.`,
    {
      action: 'Choose the authorization code grant, or get the access token without a script.',
    },
  );
}

/** The contract's calls about test runs of scripts. */
export function testRunHandlers({
  workspace,
  tokens,
  testRuns,
}: {
  workspace: Workspace;
  tokens: ProfileTokens;
  testRuns: TestRuns;
}): Pick<Handlers, Extract<keyof Handlers, `testRuns.${string}`>> {
  return {
    'testRuns.start': async ({ persona, ...order }) => {
      const scope = workspace.scope();
      const { profile } = profileIn(scope, order.profile);
      const { name } = personaIn(scope, order.profile, persona);
      if (grantPresence[profile.grant.kind] !== 'screens') throw noScreens(profile.name);
      const { folder } = scope.project;
      // Before it begins: with a person present the policy would go on by hand.
      await workspace.assertTrusted(
        folder,
        { id: order.profile, name: profile.name },
        automationFile(order.profile, order.trial.kind),
      );
      return testRuns.run({ ...order, persona: name }, (id, signal) =>
        tokens.getFor({ profile: order.profile, persona: name }, id, signal),
      );
    },
    'testRuns.next': async ({ id, all }) => {
      testRuns.next(id, all);
      return {};
    },
    'testRuns.stop': async ({ id }) => {
      testRuns.stop(id);
      return {};
    },
    'testRuns.picture': async ({ id, index }) => ({ jpeg: testRuns.picture(id, index) }),
  };
}

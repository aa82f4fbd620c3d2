import type { Handlers } from '../../shared/contract/router.ts';
import { AppError } from '../../shared/errors.ts';
import { isSilentGrant } from '../../shared/model/profile.ts';
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
      if (isSilentGrant(profile.grant)) throw noScreens(profile.name);
      return testRuns.run({ ...order, persona: name }, (id) =>
        tokens.getFor({ profile: order.profile, persona: name }, id),
      );
    },
    'testRuns.next': async ({ id, all }) => {
      testRuns.next(id, all);
      return {};
    },
    'testRuns.stop': async ({ id }) => {
      const { profile, persona } = testRuns.stop(id);
      await tokens.cancel({ profile, persona });
      return {};
    },
    'testRuns.picture': async ({ id, index }) => ({ jpeg: testRuns.picture(id, index) }),
  };
}

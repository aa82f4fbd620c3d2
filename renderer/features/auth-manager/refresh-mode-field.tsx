import { grantPresence } from '../../../shared/model/grant.ts';
import type { RefreshMode } from '../../../shared/model/profile.ts';
import { RadioCards } from '../../ui/choice.tsx';
import { useProfileEditor } from './stores.ts';

/** What is done where there is no refresh token, by who is needed for another token. */
const without = {
  screens: 'without a refresh token the consent screens run.',
  elsewhere: 'without a refresh token the person is asked again.',
  silent: 'without a refresh token the grant is repeated.',
} as const;

function modes(presence: keyof typeof without): { value: RefreshMode; label: string; text: string }[] {
  return [
    {
      value: 'automatic',
      label: 'Automatic',
      text: `When a request is sent with an expired token, it is updated in the background; ${without[presence]}`,
    },
    {
      value: 'manual',
      label: 'Manual',
      text: 'Nothing happens by itself. Use Refresh or Get Access Token.',
    },
  ];
}

/** The Refresh Access Token mode of a profile: the same setting in the Auth Manager and in a request's Auth. */
export function RefreshModeField({ profile }: { profile: string }) {
  const editor = useProfileEditor(profile);
  if (editor === undefined) return null;
  return (
    <RadioCards
      label="Refresh Access Token"
      value={editor.form.refreshMode}
      onChange={(refreshMode) => editor.set({ refreshMode })}
      options={modes(grantPresence[editor.form.grantKind])}
    />
  );
}

import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { useProfileEditor } from './stores.ts';

/** Why a profile could not be saved, wherever it is edited; what was typed stays. */
export function SaveFailure({ profile }: { profile: string }) {
  const editor = useProfileEditor(profile);
  if (editor?.save?.kind !== 'failed') return null;
  return (
    <ErrorPanel error={editor.save.error}>
      <Button small onClick={editor.commit}>
        Save again
      </Button>
    </ErrorPanel>
  );
}

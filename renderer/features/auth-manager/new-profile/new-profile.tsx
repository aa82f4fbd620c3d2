import { useState } from 'react';
import type { Preset } from '../../../../shared/presets/index.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Icon } from '../../../ui/icon.tsx';
import styles from './new-profile.module.css';
import { PresetForm } from './preset-form.tsx';
import { PresetList } from './preset-list.tsx';

function Choice({ onClose }: { onClose: () => void }) {
  const [preset, setPreset] = useState<Preset | null>(null);
  return (
    <div className={styles.choice}>
      <PresetList chosen={preset} onChoose={setPreset} />
      {/* What was typed for one preset must not stand in another's fields. */}
      <PresetForm key={preset?.id ?? ''} preset={preset} onClose={onClose} />
    </div>
  );
}

/** The button that makes a profile: from a preset, of which a few fields are filled in, or an empty one. */
export function NewProfile() {
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      <Button small aria-label="New profile" onClick={() => setOpen(true)}>
        <Icon name="plus" size={13} />
        New
      </Button>
      <Dialog
        open={open}
        onClose={close}
        wide
        title="New profile"
        description="One profile for each client at an authorization server. A preset fills in what its maker’s server wants."
      >
        <Choice onClose={close} />
      </Dialog>
    </>
  );
}

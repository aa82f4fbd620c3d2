import { useState } from 'react';
import type { Profile } from '../../../shared/model/profile.ts';
import { IconButton } from '../../ui/button.tsx';
import { Chip } from '../../ui/chip.tsx';
import { ConfirmDialog, NameDialog } from '../../ui/dialog.tsx';
import { Menu, MenuItem, MenuSeparator } from '../../ui/menu.tsx';
import place from '../../ui/place.module.css';
import { SaveMark } from '../../ui/save-mark.tsx';
import { disabledReason } from './action-words.ts';
import { PersonaSwitch } from './persona-switch.tsx';
import { useManager, useProfileEditor, useToken, useTokenStore } from './stores.ts';
import { TokenButtons } from './token-buttons.tsx';
import { TokenChip } from './token-chip.tsx';

interface ProfileMenuProps {
  id: string;
  profile: Profile;
  onAsk: (question: 'rename' | 'delete') => void;
}

function ProfileMenu({ id, profile, onAsk }: ProfileMenuProps) {
  const { persona, status, busy } = useToken(id);
  const refresh = useTokenStore((state) => state.refresh);
  const reveal = useTokenStore((state) => state.reveal);
  const forget = useTokenStore((state) => state.forget);
  return (
    <Menu trigger={<IconButton icon="more" label="More" />}>
      {status?.refreshNowShown === true && (
        <MenuItem disabled={busy} onClick={() => void refresh(id, persona)}>
          Refresh now
        </MenuItem>
      )}
      <MenuItem
        disabled={disabledReason('copy', profile, status) !== null}
        onClick={() => void reveal(id, persona)}
      >
        Copy access token
      </MenuItem>
      <MenuItem
        disabled={disabledReason('forget', profile, status) !== null}
        onClick={() => void forget(id, persona)}
      >
        Forget tokens
      </MenuItem>
      <MenuSeparator />
      <MenuItem onClick={() => onAsk('rename')}>Rename…</MenuItem>
      <MenuItem danger onClick={() => onAsk('delete')}>
        Delete profile…
      </MenuItem>
    </Menu>
  );
}

/** A profile's name and state, the buttons that update its token, and its menu. */
export function ProfileHeader({ id, profile }: { id: string; profile: Profile }) {
  const [asking, setAsking] = useState<'rename' | 'delete' | null>(null);
  const editor = useProfileEditor(id);
  const remove = useManager((state) => state.remove);
  return (
    <header className={place.head}>
      <div className={place.who}>
        <h1 className={place.title} title={profile.name}>
          {profile.name}
        </h1>
        <TokenChip profile={id} />
        {!profile.verifyTls && <Chip tone="warn">TLS not verified</Chip>}
        <SaveMark kind={editor?.save?.kind} />
      </div>
      <div className={place.actions}>
        <TokenButtons profile={id} />
        <ProfileMenu id={id} profile={profile} onAsk={setAsking} />
      </div>
      <PersonaSwitch profile={id} />
      {asking === 'rename' && (
        <NameDialog
          open
          onClose={() => setAsking(null)}
          title="Rename profile"
          submit="Rename"
          initial={profile.name}
          onSubmit={async (name) => {
            editor?.set({ name });
            return null;
          }}
        />
      )}
      <ConfirmDialog
        open={asking === 'delete'}
        onClose={() => setAsking(null)}
        title="Delete this profile?"
        description={`“${profile.name}”, its script and its tokens are deleted. Requests that use it will have no token.`}
        confirm="Delete profile"
        onConfirm={() => void remove(id)}
      />
    </header>
  );
}

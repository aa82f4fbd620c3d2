import { Dialog as BaseDialog } from '@base-ui/react/dialog';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { ErrorWire } from '../../shared/errors.ts';
import { Button } from './button.tsx';
import { classes } from './classes.ts';
import styles from './dialog.module.css';
import { ErrorPanel } from './error-panel.tsx';
import { TextField } from './text-field.tsx';

interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  description?: string | undefined;
  /** For what needs room, such as a text to be read. Default false. */
  wide?: boolean;
  children: ReactNode;
}

/** A question in front of everything else; Escape and a click beside it close it. */
export function Dialog({ open, onClose, title, description, wide = false, children }: DialogProps) {
  return (
    <BaseDialog.Root
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
    >
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className={styles.backdrop} />
        <BaseDialog.Popup className={classes(styles.popup, wide && styles.wide)}>
          <BaseDialog.Title className={styles.title}>{title}</BaseDialog.Title>
          {description !== undefined && (
            <BaseDialog.Description className={styles.description}>{description}</BaseDialog.Description>
          )}
          {children}
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}

/** Asks for a name. `onSubmit` resolves to what went wrong, or null; the typed text stays until it went well. */
export function NameDialog(props: {
  open: boolean;
  onClose: () => void;
  title: string;
  description?: string;
  submit: string;
  /** The name to begin with. Default empty. */
  initial?: string;
  onSubmit: (name: string) => Promise<ErrorWire | null>;
}) {
  const [name, setName] = useState(props.initial ?? '');
  const [error, setError] = useState<ErrorWire | null>(null);
  const [busy, setBusy] = useState(false);

  function close(): void {
    setName(props.initial ?? '');
    setError(null);
    props.onClose();
  }

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (busy || name.trim() === '') return;
    setBusy(true);
    const failure = await props.onSubmit(name.trim());
    setBusy(false);
    if (failure === null) close();
    else setError(failure);
  }

  return (
    <Dialog open={props.open} onClose={close} title={props.title} description={props.description}>
      <form onSubmit={(event) => void submit(event)} style={{ display: 'contents' }}>
        <TextField label="Name" value={name} onChange={setName} />
        {error !== null && <ErrorPanel error={error} />}
        <div className={styles.actions}>
          <Button onClick={close}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={busy || name.trim() === ''}>
            {props.submit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Asks before something is taken away for good. */
export function ConfirmDialog(props: {
  open: boolean;
  onClose: () => void;
  title: string;
  description: string;
  confirm: string;
  onConfirm: () => void;
}) {
  return (
    <Dialog open={props.open} onClose={props.onClose} title={props.title} description={props.description}>
      <div className={styles.actions}>
        <Button onClick={props.onClose}>Cancel</Button>
        <Button
          kind="danger"
          onClick={() => {
            props.onConfirm();
            props.onClose();
          }}
        >
          {props.confirm}
        </Button>
      </div>
    </Dialog>
  );
}

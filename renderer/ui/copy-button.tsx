import { useState } from 'react';
import { Button, type ButtonProps } from './button.tsx';

interface CopyButtonProps extends Pick<ButtonProps, 'kind'> {
  /** Its name, for screen readers. */
  label: string;
  /** Resolves to whether it is in the clipboard. */
  copy: () => Promise<boolean>;
}

/** How long the button says what came of it, in milliseconds. */
const saidMs = 2_000;

/** Copies something, and says for a moment whether it did. */
export function CopyButton({ label, copy, kind = 'plain' }: CopyButtonProps) {
  const [said, setSaid] = useState<string | null>(null);
  async function press(): Promise<void> {
    setSaid((await copy()) ? 'Copied' : 'Not copied');
    setTimeout(() => setSaid(null), saidMs);
  }
  return (
    <Button kind={kind} aria-label={label} onClick={() => void press()}>
      {said ?? 'Copy'}
    </Button>
  );
}

import { Collapsible } from '@base-ui/react/collapsible';
import { type ReactNode, useState } from 'react';
import styles from './disclosure.module.css';
import { Icon } from './icon.tsx';

/**
 * Something most people need not see. It opens once `open` says so, and stays open until the person closes it: what is
 * worked in it must not close under the hand.
 */
export function Disclosure({ title, open, children }: { title: string; open: boolean; children: ReactNode }) {
  const [chosen, setChosen] = useState<boolean | null>(null);
  const [wasOpen, setWasOpen] = useState(open);
  if (open && !wasOpen) setWasOpen(true);
  return (
    <Collapsible.Root className={styles.disclosure} open={chosen ?? wasOpen} onOpenChange={setChosen}>
      <Collapsible.Trigger className={styles.title}>
        <span className={styles.arrow}>
          <Icon name="chevron" size={13} />
        </span>
        {title}
      </Collapsible.Trigger>
      <Collapsible.Panel className={styles.content}>{children}</Collapsible.Panel>
    </Collapsible.Root>
  );
}

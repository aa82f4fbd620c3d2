import { Collapsible } from '@base-ui/react/collapsible';
import { type ReactNode, useState } from 'react';
import styles from './disclosure.module.css';
import { Icon } from './icon.tsx';

/** Something most people need not see. It stands open while `open` says so, until the person opens or closes it. */
export function Disclosure({ title, open, children }: { title: string; open: boolean; children: ReactNode }) {
  const [chosen, setChosen] = useState<boolean | null>(null);
  return (
    <Collapsible.Root className={styles.disclosure} open={chosen ?? open} onOpenChange={setChosen}>
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

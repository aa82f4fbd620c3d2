import { Menu as BaseMenu } from '@base-ui/react/menu';
import type { ReactElement, ReactNode } from 'react';
import { classes } from './classes.ts';
import { Icon } from './icon.tsx';
import styles from './popup.module.css';

/**
 * A menu that opens from `trigger`, which must be a button. `finalFocus`: what has the focus when the menu has closed; null,
 * and by default: that button.
 */
export function Menu({
  trigger,
  onOpen,
  finalFocus,
  children,
}: {
  trigger: ReactElement;
  onOpen?: () => void;
  finalFocus?: () => HTMLElement | null;
  children: ReactNode;
}) {
  return (
    <BaseMenu.Root modal={false} onOpenChange={(open) => open && onOpen?.()}>
      <BaseMenu.Trigger render={trigger} />
      <BaseMenu.Portal>
        <BaseMenu.Positioner className={styles.positioner} sideOffset={4} align="end">
          <BaseMenu.Popup className={styles.popup} {...(finalFocus === undefined ? {} : { finalFocus })}>
            {children}
          </BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  );
}

/** One thing to do. `danger`: it takes something away. */
export function MenuItem({
  children,
  onClick,
  danger = false,
  disabled = false,
}: {
  children: ReactNode;
  onClick: () => void;
  danger?: boolean;
  disabled?: boolean;
}) {
  return (
    <BaseMenu.Item
      disabled={disabled}
      onClick={onClick}
      className={classes(styles.item, danger && styles.danger)}
    >
      {children}
    </BaseMenu.Item>
  );
}

/** A choice of one among a few, inside a menu. */
export function MenuChoice<Value extends string>({
  value,
  options,
  onChange,
}: {
  value: Value;
  options: readonly { value: Value; label: string }[];
  onChange: (value: Value) => void;
}) {
  return (
    <BaseMenu.RadioGroup value={value}>
      {options.map((option) => (
        <BaseMenu.RadioItem
          key={option.value}
          value={option.value}
          closeOnClick
          onClick={() => onChange(option.value)}
          className={styles.item}
        >
          <span className={styles.mark}>
            <BaseMenu.RadioItemIndicator>
              <Icon name="check" size={14} />
            </BaseMenu.RadioItemIndicator>
          </span>
          <span className={styles.text}>{option.label}</span>
        </BaseMenu.RadioItem>
      ))}
    </BaseMenu.RadioGroup>
  );
}

/** A line between groups of a menu. */
export function MenuSeparator() {
  return <BaseMenu.Separator className={styles.separator} />;
}

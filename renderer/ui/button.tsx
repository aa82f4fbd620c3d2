import type { ComponentProps } from 'react';
import styles from './button.module.css';
import { classes } from './classes.ts';
import { Icon, type IconName } from './icon.tsx';

export interface ButtonProps extends ComponentProps<'button'> {
  /** `primary` is for the one thing that a place is there for. Default `plain`. */
  kind?: 'primary' | 'plain' | 'ghost' | 'danger' | 'link';
  small?: boolean;
}

/** A button. Default type is `button`, so that it never submits a form by accident. */
export function Button({ kind = 'plain', small = false, className, type = 'button', ...rest }: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      className={classes(styles.button, kind !== 'plain' && styles[kind], small && styles.small, className)}
    />
  );
}

/** A square button with an icon; `label` is its name. */
export function IconButton({
  label,
  icon,
  className,
  ...rest
}: Omit<ButtonProps, 'children'> & { label: string; icon: IconName }) {
  return (
    <Button
      kind="ghost"
      {...rest}
      aria-label={label}
      title={label}
      className={classes(styles.icon, className)}
    >
      <Icon name={icon} size={icon === 'more' ? 20 : 16} />
    </Button>
  );
}

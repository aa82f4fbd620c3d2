import { Checkbox } from '@base-ui/react/checkbox';
import { Field } from '@base-ui/react/field';
import { Icon } from './icon.tsx';
import styles from './toggle.module.css';

interface ToggleProps {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  /** What it does, in a sentence below the label. */
  text?: string | undefined;
  /** A warning in place of that sentence. */
  warning?: string | undefined;
}

/** Something that is on or off. */
export function Toggle({ label, checked, onChange, text, warning }: ToggleProps) {
  return (
    <Field.Root className={styles.toggle}>
      <Checkbox.Root
        checked={checked}
        onCheckedChange={(next) => onChange(next)}
        className={styles.box}
        aria-label={label}
      >
        <Checkbox.Indicator className={styles.mark}>
          <Icon name="check" size={12} />
        </Checkbox.Indicator>
      </Checkbox.Root>
      <Field.Label className={styles.label}>{label}</Field.Label>
      {(warning ?? text) !== undefined && (
        <Field.Description className={warning === undefined ? styles.text : styles.warning}>
          {warning ?? text}
        </Field.Description>
      )}
    </Field.Root>
  );
}

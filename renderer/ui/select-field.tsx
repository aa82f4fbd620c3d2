import { Select } from '@base-ui/react/select';
import { useId } from 'react';
import { StatusDot, type Tone } from './chip.tsx';
import { classes } from './classes.ts';
import styles from './field.module.css';
import { Icon } from './icon.tsx';
import popup from './popup.module.css';

export interface SelectOption<Value extends string> {
  value: Value;
  label: string;
  /** The colour of a dot before the label; `note` says what it means. */
  tone?: Tone;
  /** What else there is to know of it, behind the label. */
  note?: string | undefined;
  /** A sentence on when to choose it, below the label. */
  text?: string;
}

export interface SelectFieldProps<Value extends string> {
  label: string;
  labelHidden?: boolean;
  /** Null: none of the options, so `placeholder` stands there. */
  value: Value | null;
  placeholder?: string;
  options: readonly SelectOption<Value>[];
  onChange: (value: Value) => void;
  mono?: boolean;
  /** Words in the field, before the value. */
  lead?: string;
  hint?: string | undefined;
  /** What is wrong with the choice, in place of the hint. */
  error?: string | undefined;
  className?: string | undefined;
}

/** One of a few values, in a list that opens. */
export function SelectField<Value extends string>(props: SelectFieldProps<Value>) {
  const { label, value, options, onChange, error } = props;
  const words = error ?? props.hint;
  const hintId = useId();
  const tone = options.find((option) => option.value === value)?.tone;
  return (
    <div className={classes(styles.field, props.className)}>
      <Select.Root
        items={options}
        value={value}
        modal={false}
        onValueChange={(next, { reason }) => {
          // It also tells of the option that is chosen already, and when that is gone and it would choose another by itself.
          if (next !== null && next !== value && reason === 'item-press') onChange(next);
        }}
      >
        <Select.Label className={props.labelHidden ? 'visually-hidden' : styles.label}>{label}</Select.Label>
        <Select.Trigger
          className={classes(styles.input, styles.select, props.mono && styles.mono)}
          aria-describedby={words === undefined ? undefined : hintId}
          aria-invalid={error === undefined ? undefined : true}
        >
          {props.lead !== undefined && <span className={styles.lead}>{props.lead}</span>}
          {tone !== undefined && <StatusDot tone={tone} />}
          <Select.Value className={styles.value} placeholder={props.placeholder} />
          <Select.Icon className={styles.arrow}>
            <Icon name="chevron" size={14} />
          </Select.Icon>
        </Select.Trigger>
        <Select.Portal>
          <Select.Positioner className={popup.positioner} sideOffset={4} alignItemWithTrigger={false}>
            <Select.Popup className={popup.popup}>
              <Select.List>
                {options.map((option) => (
                  <Select.Item
                    key={option.value}
                    value={option.value}
                    className={popup.item}
                    aria-label={option.label}
                    aria-description={[option.text, option.note].filter(Boolean).join(' ') || undefined}
                  >
                    <span className={popup.mark}>
                      <Select.ItemIndicator>
                        <Icon name="check" size={14} />
                      </Select.ItemIndicator>
                    </span>
                    {option.tone !== undefined && <StatusDot tone={option.tone} />}
                    <span className={popup.words}>
                      <Select.ItemText className={popup.text}>{option.label}</Select.ItemText>
                      {option.text !== undefined && <span className={popup.sentence}>{option.text}</span>}
                    </span>
                    {option.note !== undefined && <span className={popup.note}>{option.note}</span>}
                  </Select.Item>
                ))}
              </Select.List>
            </Select.Popup>
          </Select.Positioner>
        </Select.Portal>
      </Select.Root>
      {words !== undefined && (
        <p className={error === undefined ? styles.hint : styles.error} id={hintId}>
          {words}
        </p>
      )}
    </div>
  );
}

import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import { useId } from 'react';
import styles from './choice.module.css';

interface ChoiceProps<Value extends string> {
  /** The group's name. */
  label: string;
  value: Value;
  onChange: (value: Value) => void;
}

/** One of a few short words, all in sight. */
export function SegmentedControl<Value extends string>({
  label,
  value,
  onChange,
  options,
}: ChoiceProps<Value> & { options: readonly { value: Value; label: string }[] }) {
  return (
    <RadioGroup aria-label={label} value={value} onValueChange={onChange} className={styles.segments}>
      {options.map((option) => (
        <Radio.Root
          key={option.value}
          value={option.value}
          className={styles.segment}
          aria-label={option.label}
        >
          {option.label}
        </Radio.Root>
      ))}
    </RadioGroup>
  );
}

/** One of two choices that each need a sentence. */
export function RadioCards<Value extends string>({
  label,
  value,
  onChange,
  options,
}: ChoiceProps<Value> & { options: readonly { value: Value; label: string; text: string }[] }) {
  const id = useId();
  return (
    <RadioGroup aria-label={label} value={value} onValueChange={onChange} className={styles.cards}>
      {options.map((option) => (
        <Radio.Root
          key={option.value}
          value={option.value}
          className={styles.card}
          aria-label={option.label}
          aria-describedby={`${id}-${option.value}`}
        >
          <span className={styles.radio} />
          <span className={styles.title}>{option.label}</span>
          <span className={styles.text} id={`${id}-${option.value}`}>
            {option.text}
          </span>
        </Radio.Root>
      ))}
    </RadioGroup>
  );
}

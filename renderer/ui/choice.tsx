import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import { useId } from 'react';
import { StatusDot, type Tone } from './chip.tsx';
import styles from './choice.module.css';

export interface Segment<Value extends string> {
  value: Value;
  label: string;
  /** The colour of a dot before the label; `note` says what it means. */
  tone?: Tone;
  /** What else there is to know of it, on hovering and for screen readers. */
  note?: string;
}

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
}: ChoiceProps<Value> & { options: readonly Segment<Value>[] }) {
  return (
    <RadioGroup aria-label={label} value={value} onValueChange={onChange} className={styles.segments}>
      {options.map((option) => (
        <Radio.Root
          key={option.value}
          value={option.value}
          className={styles.segment}
          aria-label={option.label}
          aria-description={option.note}
          title={option.note === undefined ? undefined : `${option.label}: ${option.note}`}
        >
          {option.tone !== undefined && <StatusDot tone={option.tone} />}
          <span className={styles.word}>{option.label}</span>
        </Radio.Root>
      ))}
    </RadioGroup>
  );
}

/** One of two choices that each need a sentence, below the group's name. */
export function RadioCards<Value extends string>({
  label,
  value,
  onChange,
  options,
}: ChoiceProps<Value> & { options: readonly { value: Value; label: string; text: string }[] }) {
  const id = useId();
  return (
    <>
      <span className={styles.label} aria-hidden="true">
        {label}
      </span>
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
    </>
  );
}

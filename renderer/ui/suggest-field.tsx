import { Autocomplete } from '@base-ui/react/autocomplete';
import { Field } from '@base-ui/react/field';
import { classes } from './classes.ts';
import styles from './field.module.css';
import { FieldWords } from './field-words.tsx';
import popup from './popup.module.css';

/** One text that is suggested. */
export interface Suggestion {
  value: string;
  /** What it means, below it. */
  text?: string;
}

interface SuggestFieldProps {
  label: string;
  labelHidden?: boolean;
  value: string;
  suggestions: readonly Suggestion[];
  onChange: (value: string) => void;
  /** One of the suggestions was taken. */
  onTake: (value: string) => void;
  onCommit: () => void;
  placeholder?: string;
  error?: string | undefined;
  hint?: string | undefined;
}

/** One line of text, of which some are suggested; any other may be typed. */
export function SuggestField(props: SuggestFieldProps) {
  const { label, value, suggestions, onChange, onTake, onCommit, error, hint } = props;
  return (
    <Field.Root className={styles.field} invalid={error !== undefined}>
      <Field.Label className={props.labelHidden ? 'visually-hidden' : styles.label}>{label}</Field.Label>
      <Autocomplete.Root
        items={suggestions}
        itemToStringValue={(suggestion: Suggestion) => suggestion.value}
        value={value}
        openOnInputClick
        onValueChange={(next, { reason }) => {
          if (reason === 'item-press') onTake(next);
          else onChange(next);
        }}
      >
        <div className={styles.row}>
          <Autocomplete.Input
            className={classes(styles.input, styles.mono)}
            placeholder={props.placeholder}
            onBlur={onCommit}
            autoCapitalize="off"
            spellCheck={false}
          />
        </div>
        <Autocomplete.Portal>
          <Autocomplete.Positioner className={popup.positioner} sideOffset={4} align="start">
            <Autocomplete.Popup className={classes(popup.popup, popup.suggestions)}>
              <Autocomplete.List>
                {(suggestion: Suggestion) => (
                  <Autocomplete.Item
                    key={suggestion.value}
                    value={suggestion}
                    className={popup.item}
                    aria-label={suggestion.value}
                    aria-description={suggestion.text}
                  >
                    <span className={popup.words}>
                      <span className={classes(popup.text, styles.mono)}>{suggestion.value}</span>
                      {suggestion.text !== undefined && (
                        <span className={popup.sentence}>{suggestion.text}</span>
                      )}
                    </span>
                  </Autocomplete.Item>
                )}
              </Autocomplete.List>
            </Autocomplete.Popup>
          </Autocomplete.Positioner>
        </Autocomplete.Portal>
      </Autocomplete.Root>
      <FieldWords error={error} hint={hint} />
    </Field.Root>
  );
}

import { Select } from '@base-ui/react/select';
import { classes } from './classes.ts';
import styles from './field.module.css';
import { Icon } from './icon.tsx';
import popup from './popup.module.css';

export interface SelectOption<Value extends string> {
  value: Value;
  label: string;
}

export interface SelectFieldProps<Value extends string> {
  label: string;
  labelHidden?: boolean;
  value: Value;
  options: readonly SelectOption<Value>[];
  onChange: (value: Value) => void;
  mono?: boolean;
  className?: string | undefined;
}

/** One of a few values, in a list that opens. */
export function SelectField<Value extends string>(props: SelectFieldProps<Value>) {
  const { label, value, options, onChange } = props;
  return (
    <div className={classes(styles.field, props.className)}>
      <Select.Root
        items={options}
        value={value}
        modal={false}
        onValueChange={(next) => {
          if (next !== null) onChange(next);
        }}
      >
        <Select.Label className={props.labelHidden ? styles.hiddenLabel : styles.label}>{label}</Select.Label>
        <Select.Trigger className={classes(styles.input, styles.select, props.mono && styles.mono)}>
          <Select.Value className={styles.value} />
          <Select.Icon className={styles.arrow}>
            <Icon name="chevron" size={14} />
          </Select.Icon>
        </Select.Trigger>
        <Select.Portal>
          <Select.Positioner className={popup.positioner} sideOffset={4} alignItemWithTrigger={false}>
            <Select.Popup className={popup.popup}>
              <Select.List>
                {options.map((option) => (
                  <Select.Item key={option.value} value={option.value} className={popup.item}>
                    <span className={popup.mark}>
                      <Select.ItemIndicator>
                        <Icon name="check" size={14} />
                      </Select.ItemIndicator>
                    </span>
                    <Select.ItemText className={popup.text}>{option.label}</Select.ItemText>
                  </Select.Item>
                ))}
              </Select.List>
            </Select.Popup>
          </Select.Positioner>
        </Select.Portal>
      </Select.Root>
    </div>
  );
}

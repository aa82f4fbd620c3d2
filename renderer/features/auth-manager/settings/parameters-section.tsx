import type { Parameter, ParameterTarget } from '../../../../shared/model/parameter.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { Icon } from '../../../ui/icon.tsx';
import rowStyles from '../../../ui/rows.module.css';
import { Section, Wide } from '../../../ui/section.tsx';
import { SelectField, type SelectOption } from '../../../ui/select-field.tsx';
import { SuggestField } from '../../../ui/suggest-field.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { Toggle } from '../../../ui/toggle.tsx';
import { withKeys } from '../../../ui/with-keys.ts';
import { newParameter, type ParameterRow } from '../form/parameter-form.ts';
import { chosen, knownParameter, knownParameters } from '../form/parameter-names.ts';
import { parameterHint, targetLabel } from '../form/parameter-words.ts';
import type { Uses } from '../form/uses.ts';
import { type ProfileEditor, useServerSupport } from '../stores.ts';
import styles from './settings.module.css';

const suggestions = knownParameters.map(({ name, text }) => ({ value: name, text }));

const places: readonly SelectOption<Parameter['in']>[] = [
  { value: 'body', label: 'In the body', text: 'A field of the form, as most are.' },
  { value: 'query', label: 'In the query', text: 'Behind the ? of the Token URL.' },
  { value: 'header', label: 'As a header', text: 'A header of this name.' },
];

interface RowProps {
  editor: ProfileEditor;
  uses: Uses;
  row: ParameterRow;
  index: number;
}

function withRow({ parameters }: ProfileEditor['form'], index: number, row: ParameterRow) {
  return { parameters: parameters.map((old, at) => (at === index ? row : old)) };
}

function Targets({ editor, uses, row, index }: RowProps) {
  const { form } = editor;
  const posted = row.to.some((target) => target !== 'authorization' && uses.targets.includes(target));

  function toggle(target: ParameterTarget, on: boolean): void {
    const to = on ? [...row.to, target] : row.to.filter((other) => other !== target);
    editor.set(withRow(form, index, { ...row, to }));
  }

  return (
    <fieldset className={styles.targets} aria-label={`Goes to, parameter ${index + 1}`}>
      <span className={styles.targetsLabel} aria-hidden="true">
        Goes to
      </span>
      {uses.targets.map((target) => (
        <Toggle
          key={target}
          label={targetLabel(target, form.grantKind)}
          checked={row.to.includes(target)}
          onChange={(on) => toggle(target, on)}
        />
      ))}
      {posted && (
        <SelectField
          label={`Place of parameter ${index + 1}`}
          labelHidden
          className={styles.place}
          value={row.in}
          options={places}
          onChange={(place) => editor.set(withRow(form, index, { ...row, in: place }))}
        />
      )}
    </fieldset>
  );
}

function Row(props: RowProps) {
  const { editor, row, index } = props;
  const { form } = editor;
  const support = useServerSupport(form);
  const name = editor.issue(`parameters.${index}.name`);
  const to = editor.issue(`parameters.${index}.to`);
  return (
    <fieldset className={rowStyles.boxed} aria-label={row.name === '' ? `Parameter ${index + 1}` : row.name}>
      <div className={styles.pair}>
        <SuggestField
          label={`Parameter name ${index + 1}`}
          labelHidden
          placeholder="name, such as audience"
          value={row.name}
          suggestions={suggestions}
          error={name}
          onChange={(name) => editor.edit(withRow(form, index, { ...row, name }))}
          onTake={(name) => editor.set(withRow(form, index, chosen(row, name)))}
          onCommit={editor.commit}
        />
        <TextField
          label={`Parameter value ${index + 1}`}
          labelHidden
          mono
          placeholder={knownParameter(row.name)?.example ?? 'value'}
          value={row.value}
          error={editor.issue(`parameters.${index}.value`)}
          onChange={(value) => editor.edit(withRow(form, index, { ...row, value }))}
          onCommit={editor.commit}
        />
        <IconButton
          icon="close"
          label={`Remove ${row.name === '' ? `parameter ${index + 1}` : row.name}`}
          onClick={() => editor.set({ parameters: form.parameters.filter((_, at) => at !== index) })}
        />
      </div>
      {(name ?? to) === undefined && (
        <p className={styles.line}>{parameterHint(row, props.uses.targets, support)}</p>
      )}
      <Targets {...props} />
      {to !== undefined && (
        <p role="alert" className={styles.error}>
          Choose the request that it goes to, or remove it.
        </p>
      )}
    </fieldset>
  );
}

/** What else the protocol's requests carry, each parameter to the requests that need it. */
export function ParametersSection({ editor, uses }: { editor: ProfileEditor; uses: Uses }) {
  const { parameters, grantKind } = editor.form;
  const to = newParameter.to.filter((target) => uses.targets.includes(target));
  return (
    <Section title="Parameters" text="What this server wants beside the standard ones">
      <Wide>
        <div className={rowStyles.rows}>
          {withKeys(parameters, () => 'row').map(({ key, item, index }) => (
            // Rows have no identity but their place: `resource` may stand there twice.
            <Row key={key} editor={editor} uses={uses} row={item} index={index} />
          ))}
          <Button
            small
            className={rowStyles.add}
            onClick={() => editor.edit({ parameters: [...parameters, { ...newParameter, to }] })}
          >
            <Icon name="plus" size={13} />
            Add parameter
          </Button>
          {parameters.length === 0 && (
            <p className={styles.line}>
              {grantKind === 'authorization_code'
                ? 'Such as audience, resource, prompt, or access_type = offline at Google.'
                : 'Such as audience or resource.'}
            </p>
          )}
        </div>
      </Wide>
    </Section>
  );
}

import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import { useState } from 'react';
import type { Preset } from '../../../../shared/presets/index.ts';
import { TextField } from '../../../ui/text-field.tsx';
import { matching } from './from-preset.ts';
import styles from './new-profile.module.css';

interface RowProps {
  id: string;
  name: string;
  maker: string;
}

function Row({ id, name, maker }: RowProps) {
  return (
    <Radio.Root value={id} className={styles.preset} aria-label={name} aria-description={maker}>
      <span className={styles.name}>{name}</span>
      <span className={styles.maker}>{maker}</span>
    </Radio.Root>
  );
}

/** What a profile can be made from: nothing, or one of the presets, found by a word. */
export function PresetList({
  chosen,
  onChoose,
}: {
  chosen: Preset | null;
  onChoose: (preset: Preset | null) => void;
}) {
  const [typed, setTyped] = useState('');
  const found = matching(typed);
  return (
    <div className={styles.list}>
      <TextField
        label="Search presets"
        labelHidden
        type="search"
        placeholder="Search by maker or product"
        value={typed}
        onChange={setTyped}
      />
      <RadioGroup
        aria-label="Preset"
        className={styles.presets}
        value={chosen?.id ?? ''}
        onValueChange={(id) => onChoose(found.find((preset) => preset.id === id) ?? null)}
      >
        {typed.trim() === '' && <Row id="" name="Empty profile" maker="Every setting by hand" />}
        {found.map((preset) => (
          <Row key={preset.id} id={preset.id} name={preset.name} maker={preset.maker} />
        ))}
      </RadioGroup>
      {found.length === 0 && (
        <p className={styles.none}>
          No preset has this. Take OpenID Connect or OAuth 2.0: they fit any server.
        </p>
      )}
    </div>
  );
}

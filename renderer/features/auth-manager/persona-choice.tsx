import { statusKey } from '../../api/snapshot.ts';
import { useSnapshot } from '../../api/use-engine.ts';
import { useNow } from '../../api/use-now.ts';
import { SegmentedControl } from '../../ui/choice.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { summarize } from './token-words.ts';

/** Beyond so many, one click is no longer worth the room. */
const mostSegments = 4;

/** One persona of a profile, each with how its token stands. */
export function PersonaChoice({
  label,
  profile,
  names,
  value,
  onChange,
}: {
  label: string;
  profile: string;
  names: readonly string[];
  value: string;
  onChange: (name: string) => void;
}) {
  const now = useNow();
  const statuses = useSnapshot(({ tokens }) => tokens.statuses);
  const options = names.map((name) => {
    const { tone, short } = summarize(statuses[statusKey(profile, name)], now);
    return { value: name, label: name, tone, note: short };
  });
  const shown = { label, value, options, onChange };
  return names.length > mostSegments ? (
    <SelectField {...shown} labelHidden />
  ) : (
    <SegmentedControl {...shown} />
  );
}

import type { PlacedToken, Placement } from '../../../../shared/model/placement.ts';
import { Disclosure } from '../../../ui/disclosure.tsx';
import { Fields, Section, Wide } from '../../../ui/section.tsx';
import { SelectField, type SelectOption } from '../../../ui/select-field.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import type { PrefixKind } from '../form/placement-form.ts';
import { isUsualPlacement, placedTokenHint, placementPreview } from '../form/placement-words.ts';
import type { Uses } from '../form/uses.ts';
import type { ProfileEditor } from '../stores.ts';
import { bindText } from './bind-text.ts';
import styles from './settings.module.css';

const places: readonly SelectOption<Placement['kind']>[] = [
  { value: 'header', label: 'In a header', text: 'Authorization: Bearer …, as nearly every API wants it.' },
  { value: 'query', label: 'In the query', text: 'Behind the ? of the address, where logs can see it.' },
  { value: 'form', label: 'In a form body', text: 'A field of the form that the request posts.' },
  { value: 'cookie', label: 'In a cookie', text: 'As a browser sends it.' },
];

const prefixes: readonly SelectOption<PrefixKind>[] = [
  {
    value: 'type',
    label: 'Its own type (Bearer)',
    text: 'What the server called the token: Bearer or DPoP.',
  },
  { value: 'word', label: 'Another word…', text: 'Such as Token, JWT or OAuth.' },
  { value: 'nothing', label: 'Nothing', text: 'The token alone.' },
];

const tokens: readonly SelectOption<PlacedToken>[] = [
  { value: 'access_token', label: 'The access token' },
  { value: 'id_token', label: 'The ID token' },
];

const names = {
  query: { label: 'Parameter name', hint: 'access_token, unless the API wants another.' },
  form: { label: 'Field name', hint: 'access_token, unless the API wants another.' },
  cookie: { label: 'Cookie name', hint: 'As the API reads it.' },
} as const;

function HeaderFields({ editor }: { editor: ProfileEditor }) {
  const { form } = editor;
  return (
    <>
      <TextField
        label="Header name"
        {...bindText(editor, 'placementHeader')}
        hint="Authorization, unless the API wants another."
      />
      <SelectField
        label="Before the token"
        value={form.placementPrefixKind}
        options={prefixes}
        hint="The word that says what the token is."
        onChange={(placementPrefixKind) => editor.switch({ placementPrefixKind })}
      />
      {form.placementPrefixKind === 'word' && (
        <TextField
          label="Word before the token"
          {...bindText(editor, 'placementPrefix')}
          placeholder="Token"
          hint="A blank follows by itself."
        />
      )}
    </>
  );
}

/** How requests carry the token: what goes out, and what changes it, closed while it is as nearly every API wants it. */
export function PlacementSection({ editor, uses }: { editor: ProfileEditor; uses: Uses }) {
  const { form } = editor;
  return (
    <Section title="In requests" text="How the token goes along">
      <Wide>
        <output aria-label="What goes out" className={styles.preview}>
          {placementPreview(form)}
        </output>
        <Disclosure title="Another place, word or token" open={!isUsualPlacement(form)}>
          <Fields>
            <SelectField
              label="Send the token"
              value={form.placementKind}
              options={places}
              hint={places.find(({ value }) => value === form.placementKind)?.text}
              onChange={(placementKind) => editor.switch({ placementKind })}
            />
            {form.placementKind === 'header' ? (
              <HeaderFields editor={editor} />
            ) : (
              <TextField {...names[form.placementKind]} {...bindText(editor, 'placementName')} />
            )}
            {(uses.idToken || form.placedToken === 'id_token') && (
              <SelectField
                label="Which token"
                value={form.placedToken}
                options={tokens}
                hint={placedTokenHint(form)}
                onChange={(placedToken) => editor.set({ placedToken })}
              />
            )}
          </Fields>
        </Disclosure>
      </Wide>
    </Section>
  );
}

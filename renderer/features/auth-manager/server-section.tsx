import type { CallResult } from '../../../shared/contract/calls.ts';
import { Button } from '../../ui/button.tsx';
import { Disclosure } from '../../ui/disclosure.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Fields, Section, Wide } from '../../ui/section.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { bindText } from './bind-text.ts';
import { type TextKey, urlHint } from './profile-form.ts';
import { type ProfileEditor, useManager } from './stores.ts';

/** What stands in the form after a discovery. What the document does not name stays as it was. */
function discovered(found: CallResult<'profiles.discover'>): Partial<Record<TextKey, string>> {
  // The issuer stays as the person wrote it: it may hold a variable.
  const { issuer: _issuer, supports: _supports, ...urls } = found;
  return Object.fromEntries(Object.entries(urls).filter(([, url]) => url !== ''));
}

interface UrlFieldProps {
  editor: ProfileEditor;
  field: TextKey;
  label: string;
  hint?: string;
  /** Default: that the issuer names it, where there is an issuer. */
  placeholder?: string;
}

function UrlField({ editor, field, label, hint, placeholder }: UrlFieldProps) {
  const { form } = editor;
  return (
    <TextField
      label={label}
      {...bindText(editor, field)}
      hint={urlHint(form[field]) ?? hint}
      placeholder={placeholder ?? (form.issuer === '' ? '' : 'from the issuer')}
    />
  );
}

function MoreEndpoints({ editor }: { editor: ProfileEditor }) {
  const { form } = editor;
  const ends = form.grantKind === 'authorization_code';
  const filled = [
    form.revocationUrl,
    form.introspectionUrl,
    ...(ends ? [form.endSessionUrl, form.postLogoutRedirectUri] : []),
  ].some((text) => text !== '');
  return (
    <Disclosure title="More endpoints" open={filled}>
      <Fields>
        <UrlField
          editor={editor}
          field="revocationUrl"
          label="Revocation URL"
          hint="Where Revoke ends the tokens."
        />
        <UrlField
          editor={editor}
          field="introspectionUrl"
          label="Introspection URL"
          hint="Says whether a token is still good."
        />
        {ends && (
          <>
            <UrlField
              editor={editor}
              field="endSessionUrl"
              label="End session URL"
              hint="Signs the persona out at the provider."
            />
            <UrlField
              editor={editor}
              field="postLogoutRedirectUri"
              label="Post-logout redirect URI"
              hint="As registered; empty sends none."
              placeholder=""
            />
          </>
        )}
      </Fields>
    </Disclosure>
  );
}

/** The authorization server: its issuer, and its endpoints where they are not taken from there. */
export function ServerSection({ id, editor }: { id: string; editor: ProfileEditor }) {
  const discover = useManager((state) => state.discover);
  const discovering = useManager((state) => state.discovering[id] === true);
  const failure = useManager((state) => state.failures[`${id}:discover`]);
  const { form } = editor;

  async function fill(): Promise<void> {
    const found = await discover(id, form.issuer.trim());
    if (found !== null) editor.set(discovered(found));
  }

  return (
    <Section title="Server" text="Paste an issuer to fill the rest">
      <Wide>
        <TextField
          label="Issuer"
          {...bindText(editor, 'issuer')}
          hint={urlHint(form.issuer)}
          placeholder="https://id.example.com"
          trailing={
            <Button disabled={form.issuer.trim() === '' || discovering} onClick={() => void fill()}>
              Discover
            </Button>
          }
        />
        {failure && <ErrorPanel error={failure} />}
      </Wide>
      {form.grantKind === 'authorization_code' && (
        <UrlField editor={editor} field="authorizationUrl" label="Authorization URL" />
      )}
      <UrlField editor={editor} field="tokenUrl" label="Token URL" />
      <Wide>
        <MoreEndpoints editor={editor} />
      </Wide>
    </Section>
  );
}

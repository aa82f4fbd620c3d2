import { Disclosure } from '../../../ui/disclosure.tsx';
import { Fields, Section, Wide } from '../../../ui/section.tsx';
import { SelectField } from '../../../ui/select-field.tsx';
import { Toggle } from '../../../ui/toggle.tsx';
import type { Uses } from '../form/uses.ts';
import { type ProfileEditor, useServerSupport } from '../stores.ts';
import { algorithmOptions, KeyFields } from './key-fields.tsx';

function PushedRequest({ editor }: { editor: ProfileEditor }) {
  const { form } = editor;
  const required = useServerSupport(form)?.pushedRequestRequired === true;
  return (
    <Wide>
      <Toggle
        label="Pushed request (PAR)"
        checked={form.pushedRequest}
        text="The app hands the request to the server first, so that nobody can change it in the browser."
        warning={
          required && !form.pushedRequest ? 'The server takes pushed requests only: switch it on.' : undefined
        }
        onChange={(pushedRequest) => editor.set({ pushedRequest })}
      />
    </Wide>
  );
}

function Dpop({ editor }: { editor: ProfileEditor }) {
  const { dpop, dpopAlgorithm } = editor.form;
  const listed = useServerSupport(editor.form)?.dpopAlgorithms;
  return (
    <>
      <Wide>
        <Toggle
          label="Bind tokens to a key (DPoP)"
          checked={dpop === 'on'}
          text="A stolen token is then worth nothing. The app makes the key, and proves it with every token and API call."
          onChange={(on) => editor.switch({ dpop: on ? 'on' : 'off' })}
        />
      </Wide>
      {dpop === 'on' && (
        <SelectField
          label="DPoP algorithm"
          value={dpopAlgorithm}
          options={algorithmOptions(listed)}
          hint="ES256 is right for nearly every server."
          onChange={(next) => editor.set({ dpopAlgorithm: next })}
        />
      )}
    </>
  );
}

function SignedRequest({ id, editor }: { id: string; editor: ProfileEditor }) {
  const { requestObject } = editor.form;
  const listed = useServerSupport(editor.form)?.requestObjectAlgorithms;
  return (
    <>
      <Wide>
        <Toggle
          label="Signed request (JAR)"
          checked={requestObject === 'signed'}
          text="The request goes as a JWT that your key signs, for banks and other servers that demand it."
          onChange={(on) => editor.switch({ requestObject: on ? 'signed' : 'none' })}
        />
      </Wide>
      {requestObject === 'signed' && (
        <KeyFields
          id={id}
          editor={editor}
          field="requestKey"
          label="Key for signed requests"
          listed={listed}
        />
      )}
    </>
  );
}

/** What makes the protocol harder to attack: closed until something of it is on, or the server wants it. */
export function ProtectionSection({ id, editor, uses }: { id: string; editor: ProfileEditor; uses: Uses }) {
  const { form } = editor;
  const wanted = useServerSupport(form)?.pushedRequestRequired === true;
  const on =
    (uses.redirect && (form.pushedRequest || form.requestObject !== 'none' || wanted)) ||
    (uses.dpop && form.dpop === 'on');
  if (!uses.redirect && !uses.dpop) return null;
  return (
    <Section title="Protection" text="Where the server wants more">
      <Wide>
        <Disclosure
          title={uses.redirect ? 'Pushed and signed requests, bound tokens' : 'Bound tokens'}
          open={on}
        >
          <Fields>
            {uses.redirect && <PushedRequest editor={editor} />}
            {uses.dpop && <Dpop editor={editor} />}
            {uses.redirect && <SignedRequest id={id} editor={editor} />}
          </Fields>
        </Disclosure>
      </Wide>
    </Section>
  );
}

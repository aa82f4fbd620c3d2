import { serverLabels } from '../../../../shared/model/server-labels.ts';
import { Button } from '../../../ui/button.tsx';
import { Disclosure } from '../../../ui/disclosure.tsx';
import { ErrorPanel } from '../../../ui/error-panel.tsx';
import { Fields, Section, Wide } from '../../../ui/section.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { issuerProblem, redirectUriProblem, urlProblem } from '../form/checks.ts';
import { supportWords } from '../form/server-support.ts';
import type { Endpoint, Uses } from '../form/uses.ts';
import { type ProfileEditor, useDiscovered, useManager } from '../stores.ts';
import { bindText } from './bind-text.ts';

const hints: Readonly<Record<Endpoint, string>> = {
  authorizationUrl: 'Where the person signs in.',
  tokenUrl: 'Gives tokens and refreshes them.',
  deviceAuthorizationUrl: 'Gives the code that a person types in.',
  backchannelAuthenticationUrl: 'Asks the person on their own device.',
  pushedAuthorizationUrl: 'Takes the request before the browser goes there.',
  revocationUrl: 'Where Revoke ends the tokens.',
  introspectionUrl: 'Says whether a token is still good.',
  jwksUrl: 'The keys that verify its tokens.',
  endSessionUrl: 'Signs the persona out at the provider.',
};

function UrlField({ editor, field }: { editor: ProfileEditor; field: Endpoint }) {
  const found = useDiscovered(editor.form);
  // The address itself, where it is known: it is never written down for an issuer with a variable.
  const fromIssuer = found === undefined ? 'from the issuer' : found[field] || 'the issuer names none';
  return (
    <TextField
      label={serverLabels[`server.${field}`]}
      {...bindText(editor, field, urlProblem)}
      hint={hints[field]}
      placeholder={editor.form.issuer === '' ? '' : fromIssuer}
    />
  );
}

function MoreEndpoints({ editor, uses }: { editor: ProfileEditor; uses: Uses }) {
  const { form } = editor;
  const fields: Endpoint[] = [
    ...(['revocationUrl', 'introspectionUrl', 'jwksUrl'] as const),
    ...(uses.redirect ? (['endSessionUrl'] as const) : []),
  ];
  const filled = [...fields.map((field) => form[field]), uses.redirect ? form.postLogoutRedirectUri : ''];
  return (
    <Disclosure title="More endpoints" open={filled.some((text) => text !== '')}>
      <Fields>
        {fields.map((field) => (
          <UrlField key={field} editor={editor} field={field} />
        ))}
        {uses.redirect && (
          <TextField
            label="Post-logout redirect URI"
            {...bindText(editor, 'postLogoutRedirectUri', (text) =>
              text === '' ? undefined : redirectUriProblem(text),
            )}
            hint="As registered; empty sends none."
          />
        )}
      </Fields>
    </Disclosure>
  );
}

/** The authorization server: its issuer, and its endpoints where they are not taken from there. */
export function ServerSection({ id, editor, uses }: { id: string; editor: ProfileEditor; uses: Uses }) {
  const discover = useManager((state) => state.discover);
  const failure = useManager((state) => state.failures[`${id}:discover`]);
  const { form } = editor;
  const issuer = form.issuer.trim();
  const discovering = useManager((state) => state.discovering[id] === issuer);
  const found = useDiscovered(form);

  /** A whole address that is pasted is asked at once. */
  function pasted(text: string): void {
    editor.commit();
    if (text.trim() !== '' && issuerProblem(text) === undefined) void discover(id);
  }

  return (
    <Section title="Server" text="Paste an issuer to fill the rest">
      <Wide>
        <TextField
          label={serverLabels['server.issuer']}
          {...bindText(editor, 'issuer', issuerProblem)}
          onPasted={pasted}
          hint={
            found === undefined
              ? 'The server’s own name. All other addresses come from there.'
              : supportWords(issuer, found.supports)
          }
          placeholder="https://id.example.com, or any address with /.well-known/"
          trailing={
            <Button disabled={issuer === '' || discovering} onClick={() => void discover(id)}>
              Discover
            </Button>
          }
        />
        {failure && <ErrorPanel error={failure} />}
      </Wide>
      {uses.endpoints.map((field) => (
        <UrlField key={field} editor={editor} field={field} />
      ))}
      <Wide>
        <MoreEndpoints editor={editor} uses={uses} />
      </Wide>
    </Section>
  );
}

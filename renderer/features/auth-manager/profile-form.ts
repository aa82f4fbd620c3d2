import type { RefreshMode } from '../../../shared/model/profile.ts';
import {
  type AuthorizationServer,
  type Persona,
  type Profile,
  profileSchema,
} from '../../../shared/model/profile.ts';
import type { Built } from '../../api/draft-store.ts';
import { type ClientForm, clientForm, clientOf, unusedClient } from './form/client-form.ts';
import { type ConsentForm, consentForm, consentOf } from './form/consent-form.ts';
import { type GrantForm, grantForm, grantOf, unusedGrant } from './form/grant-form.ts';
import { type LifetimesForm, lifetimesForm, lifetimesOf } from './form/lifetime-form.ts';
import { numberOf } from './form/number-text.ts';
import { type ParameterRow, parametersOf } from './form/parameter-form.ts';
import { keysOf, pick } from './form/pick.ts';
import { type PlacementForm, placementForm, placementOf, unusedPlacement } from './form/placement-form.ts';
import {
  type ProtectionForm,
  protectionForm,
  protectionOf,
  unusedProtection,
} from './form/protection-form.ts';
import type { PersonaForm } from './persona-form.ts';
import { issuesOf } from './profile-issues.ts';

/** A profile as the form holds it: complete whatever the grant, so that nothing typed is lost on a switch. */
export interface ProfileForm
  extends GrantForm,
    AuthorizationServer,
    ClientForm,
    ProtectionForm,
    PlacementForm,
    LifetimesForm,
    ConsentForm {
  name: string;
  postLogoutRedirectUri: string;
  scope: string;
  parameters: ParameterRow[];
  verifyTls: boolean;
  timeoutSeconds: string;
  refreshMode: RefreshMode;
  personas: PersonaForm[];
}

/** The keys of the form's texts of one line. */
export type TextKey = {
  [Key in keyof ProfileForm]: string extends ProfileForm[Key] ? Key : never;
}[keyof ProfileForm];

/** The form of a saved profile. */
export function formOf(profile: Profile): ProfileForm {
  return {
    name: profile.name,
    ...grantForm(profile.grant),
    ...profile.server,
    postLogoutRedirectUri: profile.postLogoutRedirectUri,
    ...clientForm(profile.client),
    scope: profile.scope,
    parameters: profile.parameters,
    ...protectionForm(profile.protection),
    ...placementForm(profile.placement, profile.placedToken),
    verifyTls: profile.verifyTls,
    timeoutSeconds: String(profile.timeoutSeconds),
    refreshMode: profile.refreshMode,
    ...lifetimesForm(profile),
    ...consentForm(profile),
    personas: profile.personas,
  };
}

/**
 * The change to another grant, authentication or the like, with what stands in the fields of the present one: the saved
 * profile keeps no field of what is not chosen, so the form must.
 */
export function switched(form: ProfileForm, change: Partial<ProfileForm>): Partial<ProfileForm> {
  const unused = { ...unusedGrant, ...unusedClient, ...unusedProtection, ...unusedPlacement };
  return { ...pick(form, keysOf(unused)), ...change };
}

function personaOf({ name, values }: PersonaForm): Persona {
  return {
    name,
    values: values.filter((row) => row.name.trim() !== '').map((row) => ({ ...row, name: row.name.trim() })),
  };
}

/** The profile that a form comes to, or what is wrong by field. What the form does not show is kept as it was. */
export function profileOf(form: ProfileForm, saved: Profile): Built<Profile> {
  const parsed = profileSchema.safeParse({
    ...saved,
    name: form.name,
    grant: grantOf(form),
    server: pick(form, keysOf(saved.server)),
    postLogoutRedirectUri: form.postLogoutRedirectUri,
    client: clientOf(form),
    scope: form.scope,
    parameters: parametersOf(form.parameters),
    protection: protectionOf(form),
    placement: placementOf(form),
    placedToken: form.placedToken,
    verifyTls: form.verifyTls,
    timeoutSeconds: numberOf(form.timeoutSeconds),
    refreshMode: form.refreshMode,
    ...lifetimesOf(form),
    ...consentOf(form),
    personas: form.personas.map(personaOf),
  });
  const issues = issuesOf(parsed.error, form);
  if (!parsed.success || Object.keys(issues).length > 0) return { kind: 'invalid', issues };
  return { kind: 'valid', value: parsed.data };
}

import { machine, openIdConnect, plainOAuth } from './generic.ts';
import { google } from './google.ts';
import { auth0, cognito, okta, pingFederate, pingOne } from './identity-clouds.ts';
import { apiax, keycloak } from './keycloak.ts';
import { microsoft, microsoftApp, microsoftV1 } from './microsoft.ts';
import { processMaker, processMakerRefresh } from './passport.ts';
import type { Preset } from './preset.ts';
import { github, gitlab, salesforce, slack } from './products.ts';
import { wso2 } from './wso2.ts';

export { missingFields, type Preset, type PresetField, type PresetValues, profileOf } from './preset.ts';

/** Every preset, the generic ones first, then by name. */
export const presets: readonly Preset[] = [
  openIdConnect,
  plainOAuth,
  machine,
  wso2,
  apiax,
  auth0,
  cognito,
  microsoft,
  microsoftApp,
  microsoftV1,
  github,
  gitlab,
  google,
  keycloak,
  okta,
  pingFederate,
  pingOne,
  processMaker,
  processMakerRefresh,
  salesforce,
  slack,
];

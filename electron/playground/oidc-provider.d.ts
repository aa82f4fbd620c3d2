/**
 * The package's own entry prints a warning on Node 20, which the playground supports; the modules behind it do not.
 * They hold the same classes.
 */
declare module 'oidc-provider/lib/provider.js' {
  export { Provider } from 'oidc-provider';
}

declare module 'oidc-provider/lib/helpers/errors.js' {
  import type { errors } from 'oidc-provider';
  export const CustomOIDCProviderError: typeof errors.CustomOIDCProviderError;
}

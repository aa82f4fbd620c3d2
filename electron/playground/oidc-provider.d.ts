/**
 * The package's own entry prints a warning on Node 20, which the playground supports; the module behind it does not.
 * It is the same class.
 */
declare module 'oidc-provider/lib/provider.js' {
  export { Provider } from 'oidc-provider';
}

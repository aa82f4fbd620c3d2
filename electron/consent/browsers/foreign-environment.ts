/**
 * The environment for a program that is not ours: without what is meant for Grantwright alone. A browser outlives it, shows
 * its environment to whoever may look at its process, and takes it into its crash reports; in `GRANTWRIGHT_…` stand the
 * vault's key and the values of secrets.
 */
export function foreignEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^GRANTWRIGHT_/i.test(name)));
}

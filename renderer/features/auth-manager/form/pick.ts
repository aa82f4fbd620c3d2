/** An object's entries of these keys. */
export function pick<From extends object, Key extends keyof From>(
  from: From,
  keys: readonly Key[],
): Pick<From, Key> {
  const picked: Partial<Pick<From, Key>> = {};
  for (const key of keys) picked[key] = from[key];
  return picked as Pick<From, Key>;
}

/** The keys of an object whose type says all of them. */
export function keysOf<From extends object>(from: From): (keyof From)[] {
  return Object.keys(from) as (keyof From)[];
}

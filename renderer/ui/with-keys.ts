/**
 * Gives each item a key for React: its name, and which one of that name it is. For lists whose items have no identity
 * of their own, such as headers, of which two may be alike.
 */
export function withKeys<Item>(
  items: readonly Item[],
  nameOf: (item: Item) => string,
): { key: string; item: Item; index: number }[] {
  const seen = new Map<string, number>();
  return items.map((item, index) => {
    const name = nameOf(item);
    const count = seen.get(name) ?? 0;
    seen.set(name, count + 1);
    return { key: `${name} ${count}`, item, index };
  });
}

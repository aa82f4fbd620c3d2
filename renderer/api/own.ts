/** What a table holds under an id: an id may be a word that every object knows, such as `constructor`. */
export function own<Value>(table: Readonly<Record<string, Value>>, id: string): Value | undefined {
  return Object.hasOwn(table, id) ? table[id] : undefined;
}

/** One value of a persona, as a row of the form; the value of a secret is its `{{variable}}`. */
export interface ValueRow {
  name: string;
  kind: 'plain' | 'secret';
  value: string;
}

/** A persona as the form holds it: a row without any text is not there yet. */
export interface PersonaForm {
  name: string;
  values: ValueRow[];
}

import { expect, test } from 'vitest';
import { z } from 'zod';
import { networkSchema } from '../../../shared/model/network.ts';
import { profileSchema } from '../../../shared/model/profile.ts';
import { networkSecrets, profileSecrets } from '../../../shared/model/secret-references.ts';
import { secretReferenceSchema } from '../../../shared/model/variable.ts';

/** Schemas as their declaration tells of them. */
type Schema = z.core.$ZodType;

/** Makes values of schemas in which each place of a secret is filled, every one with a name of its own. */
function filler() {
  let count = 0;
  const next = (): number => {
    count += 1;
    return count;
  };

  /** The contents of a list, or of an object's members, as many objects as take in each of them. */
  function objectsOf(shape: Readonly<Record<string, Schema>>): object[] {
    const members = Object.entries(shape).map(([name, schema]) => ({ name, values: valuesOf(schema) }));
    const most = Math.max(1, ...members.map(({ values }) => values.length));
    return Array.from({ length: most }, (_, at) =>
      Object.fromEntries(members.map(({ name, values }) => [name, values[Math.min(at, values.length - 1)]])),
    );
  }

  /** One value for each way to hold secrets; a member that has a default and holds none is left out. */
  function valuesOf(schema: Schema): unknown[] {
    if (schema === secretReferenceSchema) return [`{{secret_${next()}}}`];
    if (schema instanceof z.ZodObject) return objectsOf(schema.shape);
    if (schema instanceof z.ZodUnion) return schema.options.flatMap(valuesOf);
    if (schema instanceof z.ZodArray) return [valuesOf(schema.element)];
    if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
      const values = valuesOf(schema.def.innerType);
      return JSON.stringify(values).includes('{{secret_') ? values : [undefined];
    }
    if (schema instanceof z.ZodLiteral) return [...schema.values];
    if (schema instanceof z.ZodNullable) return [null];
    if (schema instanceof z.ZodString) return [`text_${next()}`];
    if (schema instanceof z.ZodNumber) return [1];
    if (schema instanceof z.ZodBoolean) return [false];
    if (schema instanceof z.ZodEnum) return schema.options.slice(0, 1);
    throw new Error(`This test does not know how to fill a ${schema._zod.def.type}.`);
  }
  return valuesOf;
}

test.each([
  ['profile', profileSchema, (made: unknown) => profileSecrets(profileSchema.parse(made)), 14],
  ['network', networkSchema, (made: unknown) => networkSecrets(networkSchema.parse(made)), 4],
] as const)('every place of a secret in a %s is known', (_name, schema, secretsOf, places) => {
  const made = filler()(schema);
  const filled = JSON.stringify(made).match(/\{\{secret_\d+\}\}/g) ?? [];
  expect(new Set(filled).size).toBe(places);
  expect(new Set(made.flatMap(secretsOf))).toEqual(new Set(filled));
});

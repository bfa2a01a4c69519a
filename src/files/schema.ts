/**
 * What is read of files that others may have written is held against a schema, and the schema, by the compiler, against
 * our types: a field that is new there does not compile until it is described. Unknown fields are kept: they are of a
 * later version.
 */
import * as v from 'valibot';

export type Schema<T> = v.GenericSchema<unknown, T>;

/** Every field of T, also those that may be absent. */
export const object =
  <T extends object>() =>
  <E extends Readonly<Record<keyof T, v.GenericSchema>>>(entries: E) =>
    v.looseObject(entries);

export const text = v.string();
export const flag = v.boolean();
export const number = v.pipe(v.number(), v.finite());
export const count = v.pipe(v.number(), v.integer(), v.minValue(0));
export const optional = v.exactOptional;
export const list = v.array;

export const time = v.pipe(
  text,
  v.check((value) => !Number.isNaN(Date.parse(value)), 'no date'),
);

/** JSON has no NaN and no Infinity and writes null. */
export const perhapsNaN = v.pipe(
  v.nullable(v.number()),
  v.transform((value) => value ?? Number.NaN),
);

/** A later version of the lab wrote the file, in a format that this one does not know. */
export class NewerFormat extends Error {
  constructor(
    readonly known: number,
    readonly found: number,
  ) {
    super(`format: ${found}`);
  }
}

/** @throws NewerFormat; Error that names the first field that is not as it should be, or why it is no JSON */
export function parseAs<T>(schema: Schema<T>, json: string): T {
  const result = v.safeParse(schema, JSON.parse(json), { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  if (issue.type === 'literal' && v.getDotPath(issue) === 'format' && typeof issue.input === 'number') {
    const known = Number(issue.expected);
    if (issue.input > known) throw new NewerFormat(known, issue.input);
  }
  throw new Error([v.getDotPath(issue), issue.received].filter((part) => part !== null).join(': '));
}

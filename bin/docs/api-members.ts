import { z } from "zod";
import { LEVELS } from "@/core/levels";

/** A member of an answer, such as `days.rows[].day`, and its type as docs/api.md says it. */
export type Member = { name: string; type: string };

/**
 * The members of an object, and of the objects in it, in the order of the schema.
 * @param named shapes that have a heading of their own, by their schemas: their members are there
 * @throws Error for a kind of schema that no answer has had so far
 */
export function membersOf(schema: z.ZodObject, named: ReadonlyMap<z.core.$ZodType, string>, before = ""): Member[] {
  return Object.entries(schema.shape).flatMap(([key, value]) => {
    const name = `${before}${key}`;
    const { type, inner, path } = describedOf(value, named);
    const inside = inner ? membersOf(inner, named, `${name}${path}.`) : [];
    return type === "object" ? inside : [{ name, type }, ...inside];
  });
}

type Described = { type: string; inner: z.ZodObject | null; path: string };

const plain = (type: string): Described => ({ type, inner: null, path: "" });

function describedOf(schema: z.core.$ZodType, named: ReadonlyMap<z.core.$ZodType, string>): Described {
  const name = named.get(schema);
  if (name !== undefined) return plain(`[${name}](#${name.toLowerCase()})`);
  const of = (one: z.core.$ZodType, word: (type: string) => string, path = "") => {
    const inner = describedOf(one, named);
    return { ...inner, type: word(inner.type), path: `${path}${inner.path}` };
  };
  if (schema instanceof z.ZodDefault) return describedOf(schema.unwrap(), named);
  if (schema instanceof z.ZodNullable) return of(schema.unwrap(), (type) => `${type} or null`);
  if (schema instanceof z.ZodOptional) return of(schema.unwrap(), (type) => `${type} or absent`);
  if (schema instanceof z.ZodArray) {
    return of(schema.element, (type) => `list of ${type === "object" ? "objects" : type}`, "[]");
  }
  if (schema instanceof z.ZodRecord) {
    return of(schema.valueType, (type) => `${type} by ${describedOf(schema.keyType, named).type}`);
  }
  if (schema instanceof z.ZodObject) return { type: "object", inner: schema, path: "" };
  if (schema instanceof z.ZodEnum) return plain(wordOf(schema.options));
  if (schema instanceof z.ZodStringFormat) return plain(schema.format === "date" ? "day" : "time");
  if (schema instanceof z.ZodString) return plain("text");
  if (schema instanceof z.ZodNumber) return plain("number");
  if (schema instanceof z.ZodBoolean) return plain("true or false");
  throw new Error("a kind of schema that docs/api.md has no word for");
}

const wordOf = (options: readonly (string | number)[]): string =>
  options.join() === LEVELS.join() ? "level" : `one of ${options.join(", ")}`;

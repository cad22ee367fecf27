import { canBeField, isSourceFile } from "./can-be-field";
import { knownField } from "./field-names";
import { inQuotes } from "./quote-value";
import type { Reading } from "./reading-schemas";
import { type Term, tokenise } from "./tokenise";

/** `name:value` whose name could be an attribute's. */
const NAME_AND_VALUE = /^([\p{L}_][\w.-]*):([^:].*)$/su;
/** Of a MAC address or an IPv6 one: no name. */
const HEXADECIMAL = /^[0-9a-f]{1,4}(?::[0-9a-f]{0,4})+$/i;
const DRIVE = /^[a-z]:\\/i;

/** Each holds the query again; who asks so much at once knows what they ask. */
const MOST_READINGS = 5;

/**
 * What words of a query could be as well: `localhost:8080` an attribute or text, `time:15:00` text or an attribute, `-404` a
 * number or what must not be there. What can be only one thing isn't told.
 * @throws Fault invalid for a query that can't be cut into tokens
 */
export function termReadings(q: string): Reading[] {
  const tokens = tokenise(q);
  const readings = tokens.flatMap((token, index) => {
    if (token.kind !== "term") return [];
    const before = tokens[index - 1];
    const isNegative = before?.kind === "-" && /^\d/.test(q.slice(token.position));
    return (isNegative ? numberReading(q, token) : (fieldReading(q, token) ?? textReading(q, token))) ?? [];
  });
  return readings.slice(0, MOST_READINGS);
}

/** A word of `q` with its place, and the same query with another word in that place. */
function place(q: string, position: number, end: number) {
  const text = q.slice(position, end);
  const replaced = (by: string) => q.slice(0, position) + by + q.slice(end);
  return { position, length: end - position, text, replaced };
}

function fieldReading(q: string, { field, operator, value, position, length, valuePosition }: Term): Reading | null {
  if (field === null || operator !== ":" || value.kind !== "word" || value.parts.length > 1) return null;
  const [written] = value.parts;
  if (knownField(field) !== null || q.slice(position, valuePosition).includes("\\")) return null;
  const { replaced, ...at } = place(q, position, position + length);
  return {
    ...at,
    taken_as: `the attribute ${field} with the value ${written}`,
    attribute: field,
    instead: [{ taken_as: "text", query: replaced(inQuotes(at.text)) }],
  };
}

function textReading(q: string, { field, value, position, length }: Term): Reading | null {
  if (field !== null || value.kind !== "word") return null;
  const { replaced, ...at } = place(q, position, position + length);
  const [, name, written] = NAME_AND_VALUE.exec(at.text) ?? [];
  if (name === undefined || written === undefined || written.startsWith("//")) return null;
  if (HEXADECIMAL.test(at.text) || DRIVE.test(at.text) || isSourceFile(name) || !canBeField(name, null)) return null;
  return {
    ...at,
    taken_as: "text",
    attribute: null,
    instead: [
      { taken_as: `the attribute ${name} with the value ${written}`, query: replaced(`${name}:${inQuotes(written)}`) },
    ],
  };
}

function numberReading(q: string, { position, length }: Term): Reading {
  const { replaced, ...at } = place(q, position - 1, position + length);
  return {
    ...at,
    taken_as: `what must not be there: ${at.text.slice(1)}`,
    attribute: null,
    instead: [{ taken_as: "text", query: replaced(inQuotes(at.text)) }],
  };
}

import { LIMITS } from "@/core/limits";

/** A hole, with its alignment and format, which say how the sender would print it: `{@Order,10:000}`. */
const HOLE = /\{\{|\}\}|\{[@$]?([\w.]+)(?:,-?\d+)?(?::([^{}]*))?\}/g;

type JsonOf = (name: string) => string | undefined;
type RenderingOf = (name: string, format: string) => string | undefined;

/**
 * Fills the holes of a message template (messagetemplates.org): text as it is, everything else as its JSON text. Those beyond
 * what is kept of a message stay as they are, since a value can be long and its hole stand there many times.
 * @param jsonOf the JSON text of the property, undefined when the line has none: its hole stays
 * @param renderingOf how the sender has printed a property that its template gives a format, undefined when that isn't known
 */
export function renderTemplate(template: string, jsonOf: JsonOf, renderingOf: RenderingOf = () => undefined): string {
  // Characters, which are no more than their bytes.
  let added = 0;
  return template.replace(HOLE, (hole: string, name: string | undefined, format: string | undefined, at: number) => {
    if (at + added >= LIMITS.messageBytes) return hole;
    const filled = name === undefined ? hole.charAt(0) : (fillingOf(name, format, jsonOf, renderingOf) ?? hole);
    added += filled.length - hole.length;
    return filled;
  });
}

function fillingOf(
  name: string,
  format: string | undefined,
  jsonOf: JsonOf,
  renderingOf: RenderingOf,
): string | undefined {
  const rendering = format === undefined ? undefined : renderingOf(name, format);
  if (rendering !== undefined) return rendering;
  const json = jsonOf(name);
  return json?.startsWith('"') ? String(JSON.parse(json)) : json;
}

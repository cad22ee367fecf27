/** A hole, with its alignment and format, which say how the sender would print it: `{@Order,10:000}`. */
const HOLE = /\{\{|\}\}|\{[@$]?([\w.]+)(?:,-?\d+)?(?::([^{}]*))?\}/g;

/**
 * Fills the holes of a message template (messagetemplates.org): text as it is, everything else as its JSON text.
 * @param jsonOf the JSON text of the property, undefined when the line has none: its hole stays
 * @param renderingOf how the sender has printed a property that its template gives a format, undefined when that isn't known
 */
export function renderTemplate(
  template: string,
  jsonOf: (name: string) => string | undefined,
  renderingOf: (name: string, format: string) => string | undefined = () => undefined,
): string {
  return template.replace(HOLE, (hole: string, name: string | undefined, format: string | undefined) => {
    if (name === undefined) return hole.charAt(0);
    const rendering = format === undefined ? undefined : renderingOf(name, format);
    if (rendering !== undefined) return rendering;
    const json = jsonOf(name);
    if (json === undefined) return hole;
    const value: unknown = json.startsWith('"') ? JSON.parse(json) : json;
    return String(value);
  });
}

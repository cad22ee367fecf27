import type { JsonMember } from "@/core/ingest/decode/json-members";
import { type EntryText, memberName } from "@/core/ingest/protocols/entry-text";
import { kindOf, memberOf, says, textOf } from "@/core/ingest/protocols/rewritten";
import { renderTemplate } from "@/core/ingest/recognise/render-template";

const MESSAGE = memberName("message");
const TEMPLATE = memberName("message_template");
const LEVEL = memberName("level");
const INFORMATION = "info";

/** What an event of either form says of itself, beside its properties. */
export type Event = {
  level: JsonMember | undefined;
  /** Rendered by the sender. */
  message: JsonMember | undefined;
  template: JsonMember | undefined;
  /** Under the names that templates know them by. */
  properties: readonly JsonMember[];
  /** Of a property that the template gives a format. */
  renderingOf: (name: string, format: string) => string | undefined;
};

/**
 * Writes level and message, last, so that they stand before properties of the same name. Without a level an event is information,
 * whatever its properties are called.
 */
export function writeEvent(source: Buffer, event: Event, text: EntryText): void {
  const { level, properties, template } = event;
  if (level) text.json(LEVEL, source, level.from, level.end);
  else if (properties.some((property) => says("level", property.name, kindOf(source, property))))
    text.text(LEVEL, INFORMATION);
  const written = textOf(source, template);
  const message = textOf(source, event.message) ?? (written === null ? null : rendered(source, written, event));
  if (template && written !== null && written !== message) text.json(TEMPLATE, source, template.from, template.end);
  if (message !== null) text.text(MESSAGE, message);
}

function rendered(source: Buffer, template: string, { properties, renderingOf }: Event): string {
  const jsonOf = (name: string) => {
    const property = memberOf(properties, name);
    return property && source.toString("utf8", property.from, property.end);
  };
  return renderTemplate(template, jsonOf, renderingOf);
}

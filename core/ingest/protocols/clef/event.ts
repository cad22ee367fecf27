import { CLOSE_BRACE, OPEN_BRACE } from "@/core/ascii";
import type { Places } from "@/core/ingest/decode/places";
import { type EntryText, memberName } from "@/core/ingest/protocols/entry-text";

const MESSAGE = memberName("message");
const TEMPLATE = memberName("message_template");
const LEVEL = memberName("level");
const INFORMATION = "info";

/** Where an event of either form says what it is, beside its properties: indices of its members, -1 for none. */
export type Event = {
  level: number;
  /** Rendered by the sender. */
  message: number;
  template: number;
  /** One of its properties has a name that would be read as the level. */
  hasLevelProperty: boolean;
};

/**
 * Writes level and message, last, so that they stand before properties of the same name. Without a level an event is information,
 * whatever its properties are called.
 * @param render fills the holes of a template
 */
export function writeEvent(
  source: Buffer,
  members: Places,
  { level, message, template, hasLevelProperty }: Event,
  text: EntryText,
  render: (template: string) => string,
): void {
  if (level >= 0) text.moved(LEVEL, source, members, level);
  else if (hasLevelProperty) text.text(LEVEL, INFORMATION);
  const said = members.textOf(source, message);
  if (said === null && template >= 0 && !mayHaveHoles(source, members, template)) {
    if (members.textOf(source, template) !== null) text.moved(MESSAGE, source, members, template);
    return;
  }
  const written = members.textOf(source, template);
  const rendered = said ?? (written === null ? null : render(written));
  if (written !== null && written !== rendered) text.moved(TEMPLATE, source, members, template);
  if (rendered !== null) text.text(MESSAGE, rendered);
}

function mayHaveHoles(source: Buffer, members: Places, template: number): boolean {
  const end = members.end[template] as number;
  for (let at = members.from[template] as number; at < end; at++)
    if (source[at] === OPEN_BRACE || source[at] === CLOSE_BRACE) return true;
  return members.isEscaped[template] as boolean;
}

/** @returns what finds the JSON text of a property by its name; all names are read with the first that is asked for */
export function propertiesOf(source: Buffer, members: Places): (name: string) => string | undefined {
  let indices: Map<string, number> | null = null;
  return (name) => {
    indices ??= members.indicesByName(source);
    const index = indices.get(name);
    return index === undefined ? undefined : source.toString("utf8", members.from[index], members.end[index]);
  };
}

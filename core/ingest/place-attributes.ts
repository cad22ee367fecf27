import { LIMITS } from "@/core/limits";
import { AttributesText } from "./attributes-text";
import type { EntryReader } from "./decode/entry-reader";
import { joinAttributes } from "./join-attributes";
import { Rejected } from "./rejected";
import type { Row } from "./row-block";

/** What Cordwood adds to the attributes of an entry: names with the JSON text of their values. */
export type Markers = [name: string, json: string][];

/**
 * The attributes object as it was sent, with every member that the format doesn't name and the markers put into it. What the row gets is
 * valid until the next call.
 * @throws Rejected when it is longer than an entry's attributes may be
 */
export function placeAttributes(row: Row, reader: EntryReader, markers: Markers): void {
  const { members, source, others } = reader;
  const { attributes, context, metadata } = members;
  const base = attributes.from >= 0 ? attributes : context.from >= 0 ? context : metadata;
  const hasSecond = (context.from >= 0 && context !== base) || (metadata.from >= 0 && metadata !== base);
  if (others.length === 0 && !hasSecond && markers.length === 0) {
    if (base.from >= 0 && base.end - base.from > LIMITS.attributesBytes) throw tooLong();
    row.attributesFrom = base.from;
    row.attributesEnd = base.from < 0 ? base.from : base.end;
    return;
  }
  if (!hasSecond && markers.length === 0) {
    const areDistinct = reader.areDistinct && base === attributes;
    const mayClash = reader.isWrapped || (base.from >= 0 && !areDistinct);
    const joined = joinAttributes(source, base.from, base.end, others, mayClash);
    if (joined) {
      if (joined.length > LIMITS.attributesBytes) throw tooLong();
      row.attributesSource = joined.bytes;
      row.attributesFrom = 0;
      row.attributesEnd = joined.length;
      return;
    }
  }

  const text = new AttributesText(base.from >= 0 || reader.isWrapped || markers.length > 0);
  if (base.from >= 0) text.addMembers(source, base.from, base.end);
  for (let at = 0; at < others.length; at += 2) text.addMember(source, others[at] as number, others[at + 1] as number);
  // Members that say again what another one said stand under their own name.
  for (const second of [context, metadata]) {
    if (second.from >= 0 && second !== base) text.addMember(source, second.nameFrom, second.end);
  }
  if (text.bytes > LIMITS.attributesBytes) throw tooLong();
  for (const [name, json] of markers) text.add(name, json);
  row.attributesSource = text.toBuffer();
  row.attributesFrom = 0;
  row.attributesEnd = row.attributesSource.length;
}

const tooLong = () => new Rejected(`attributes must be at most ${LIMITS.attributesBytes} bytes`);

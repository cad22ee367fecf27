import type { EntryMembers } from "@/core/ingest/decode/entry-members";
import { type JsonMember, memberAmong } from "@/core/ingest/decode/json-members";

/** The JSON text of what a hole of a template names, undefined when the entry has none. */
type Properties = (name: string) => string | undefined;

/** Each looks through all properties, of which an entry can have tens of thousands; who has dots in names has few. */
const NESTED_LOOKUPS = 10;

const HOLDER = "properties";

/** Of CLEF, whose properties are the entry's own members, by their names as they are written. They are read with the first hole. */
export function membersAsProperties(reader: EntryMembers): Properties {
  let byName: Map<string, JsonMember> | null = null;
  return (name) => {
    byName ??= firstByName(reader.otherMembers(), (member) => member.name);
    return textOf(reader, byName.get(name));
  };
}

/**
 * Of Serilog's JsonFormatter, in a member of their own, in any case of letters. They are read with the first hole. A name with dots
 * may be that of what stands within a property, but no more than 10 of them.
 */
export function heldProperties(reader: EntryMembers): Properties {
  let held: JsonMember[] | null = null;
  let byName = new Map<string, JsonMember | null>();
  let lookups = 0;
  return (name) => {
    if (held === null) {
      held = reader.membersWithin(HOLDER);
      byName = firstByName(held, (member) => member.name.toLowerCase());
    }
    const wanted = name.toLowerCase();
    if (!byName.has(wanted) && wanted.includes(".") && lookups < NESTED_LOOKUPS) {
      lookups++;
      byName.set(wanted, memberAmong(reader.source, held, wanted));
    }
    return textOf(reader, byName.get(wanted));
  };
}

function firstByName(members: readonly JsonMember[], nameOf: (member: JsonMember) => string): Map<string, JsonMember> {
  const byName = new Map<string, JsonMember>();
  for (const member of members) {
    const name = nameOf(member);
    if (!byName.has(name)) byName.set(name, member);
  }
  return byName;
}

const textOf = (reader: EntryMembers, found: JsonMember | null | undefined) =>
  found ? reader.source.toString("utf8", found.from, found.end) : undefined;

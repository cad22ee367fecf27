import { QUOTE, SPACE } from "@/core/ascii";
import { memberAt } from "@/core/ingest/decode/json-members";
import { EntryText, memberName } from "@/core/ingest/protocols/entry-text";
import { LIMITS } from "@/core/limits";

const RESOURCE = memberName("resource");
const SERVICE = memberName("service");
const SERVICE_NAME = "service.name";

/**
 * What the entries of a resource share: it, and its service, so that this is not looked for in each of them. A name that needs a closer look
 * is left to who reads the entry.
 * @param attributes JSON text of an object with members
 */
export function ofResource(attributes: EntryText): EntryText {
  const resource = new EntryText().name(RESOURCE).valueOf(attributes);
  const { bytes } = attributes;
  const name = memberAt(bytes, 0, bytes.length, SERVICE_NAME);
  if (!name || bytes[name.from] !== QUOTE || name.escaped) return resource;
  const size = name.end - name.from - 2;
  const first = bytes[name.from + 1] ?? 0;
  if (size === 0 || size > LIMITS.serviceCharacters || first <= SPACE) return resource;
  return resource.name(SERVICE).value(bytes, name.from, name.end);
}

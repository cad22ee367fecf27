import { OPEN_BRACE } from "@/core/ascii";
import { membersOf } from "@/core/ingest/decode/json-members";

/** Their members become attributes beside those of the entry, so a path means both. */
const HOLDERS = ["attributes", "context", "metadata"];

/**
 * The JSON text of an object, which was found to be good, without the members at some paths such as `user.email`, of which
 * each dot may part a member from one within it, or belong to a name. The rest stays as it was sent.
 */
export function withoutMembers(
  source: Buffer,
  from: number,
  end: number,
  paths: readonly string[],
  holders: readonly string[] = HOLDERS,
): Buffer {
  const pieces: Buffer[] = [];
  for (const member of membersOf(source, from, end)) {
    const { name, nameFrom } = member;
    if (paths.includes(name)) continue;
    const within = paths.filter((path) => path.startsWith(`${name}.`)).map((path) => path.slice(name.length + 1));
    if (holders.includes(name)) within.push(...paths);
    pieces.push(Buffer.from(pieces.length === 0 ? "{" : ","));
    if (within.length === 0 || source[member.from] !== OPEN_BRACE) pieces.push(source.subarray(nameFrom, member.end));
    else {
      pieces.push(source.subarray(nameFrom, member.from));
      pieces.push(withoutMembers(source, member.from, member.end, within, []));
    }
  }
  return pieces.length === 0 ? Buffer.from("{}") : Buffer.concat([...pieces, Buffer.from("}")]);
}

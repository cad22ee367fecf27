import { isKeyText } from "@/core/access/keys/key-text";

const KEY_CHARACTERS = 46;

/** A tag that begins with a key of ours, in two: `cw_....web` is of `web`. */
export function splitTag(tag: string): [key: string | null, rest: string] {
  const key = tag.slice(0, KEY_CHARACTERS);
  if (!isKeyText(key) || (tag.length > KEY_CHARACTERS && tag[KEY_CHARACTERS] !== ".")) return [null, tag];
  return [key, tag.slice(KEY_CHARACTERS + 1)];
}

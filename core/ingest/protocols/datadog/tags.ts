import type { Places } from "@/core/ingest/decode/places";
import { equalBytes } from "@/core/ingest/equal-bytes";
import { LIMITS } from "@/core/limits";

export type JoinedTags = {
  /** JSON text of an array; null for none. */
  json: Buffer | null;
  /** False when some are too many for an entry, or too long. */
  areAll: boolean;
  /** Of the first tag `service:...`; empty when there is none. */
  service: string;
};

const SERVICE = "service:";

/** `env:prod,team:shop` (Datadog, "Getting started with tags"). */
const parseTags = (written: string): string[] =>
  written
    .split(",")
    .map((tag) => tag.trim())
    .filter((tag) => tag !== "");

function joinTags(own: string, shared: string): JoinedTags {
  const wanted = [...new Set([...parseTags(own), ...parseTags(shared)])];
  const tags = wanted.filter((tag) => [...tag].length <= LIMITS.tagCharacters).slice(0, LIMITS.tags);
  return {
    json: tags.length > 0 ? Buffer.from(JSON.stringify(tags)) : null,
    areAll: tags.length === wanted.length,
    service: tags.find((tag) => tag.startsWith(SERVICE))?.slice(SERVICE.length) ?? "",
  };
}

/**
 * Joins the tags of a log with those of its request, each once.
 * @param shared of the request
 * @returns what takes a log's own, by the index of a text among its members, -1 for none; logs of one request mostly have the same, which
 * are read once
 */
export function tagJoiner(shared: string): (source: Buffer, members: Places, index: number) => JoinedTags {
  const none = joinTags("", shared);
  let last = Buffer.alloc(0);
  let joined = none;
  return (source, members, index) => {
    if (index < 0) return none;
    const from = members.from[index] as number;
    const end = members.end[index] as number;
    if (!equalBytes(last, source, from, end)) {
      last = Buffer.from(source.subarray(from, end));
      joined = joinTags(members.textOf(source, index) ?? "", shared);
    }
    return joined;
  };
}

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
 * @returns what takes a log's own, null for none; logs of one request mostly have the same, which are read once
 */
export function tagJoiner(shared: string): (own: string | null) => JoinedTags {
  let last = "";
  let joined = joinTags(last, shared);
  return (own) => {
    const written = own ?? "";
    if (written !== last) {
      last = written;
      joined = joinTags(written, shared);
    }
    return joined;
  };
}

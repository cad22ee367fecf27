import { LIMITS } from "@/core/limits";

/** `env:prod,team:shop` (Datadog, "Getting started with tags"). */
export const parseTags = (written: string): string[] =>
  written
    .split(",")
    .map((tag) => tag.trim())
    .filter((tag) => tag !== "");

/** Those that an entry can have, each once; `areAll` is false when some are too many or too long. */
export function joinTags(own: readonly string[], shared: readonly string[]): { tags: string[]; areAll: boolean } {
  const wanted = [...new Set([...own, ...shared])];
  const tags = wanted.filter((tag) => [...tag].length <= LIMITS.tagCharacters).slice(0, LIMITS.tags);
  return { tags, areAll: tags.length === wanted.length };
}

/** Of the first tag `name:value`; empty when there is none. */
export function tagValue(tags: readonly string[], name: string): string {
  const beginning = `${name}:`;
  return tags.find((tag) => tag.startsWith(beginning))?.slice(beginning.length) ?? "";
}

import { LRUCache } from "lru-cache";
import { z } from "zod";
import { LIMITS } from "@/core/limits";
import type { Cell, State } from "./accumulator";

/** What a grouping has taken in, as JSON: of each group its keys, and what its measures have. */
export type Groups = {
  entries: number;
  /** By the place of the measure, how many values were no numbers. */
  leftOut: readonly number[];
  groups: readonly (readonly [keys: readonly Cell[], states: readonly State[]])[];
};

const stateSchema = z.union([
  z.number(),
  z.null(),
  z.array(z.union([z.string(), z.number()])),
  z.object({ values: z.array(z.number()), counts: z.array(z.number()) }),
]);

export const groupsSchema: z.ZodType<Groups> = z.object({
  entries: z.number(),
  leftOut: z.array(z.number()),
  groups: z.array(z.tuple([z.array(z.union([z.string(), z.number(), z.null()])), z.array(stateSchema)])),
});

/** What has been computed of segments lately, in this process: by what it was computed of. */
export class GroupsCache extends LRUCache<string, Groups> {
  /** That were written to the database since room was made there; at first as many as can be. */
  writtenBytes = Number.POSITIVE_INFINITY;

  constructor() {
    super({ maxSize: LIMITS.groupsCacheBytes });
  }
}

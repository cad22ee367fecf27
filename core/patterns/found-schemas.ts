import { z } from "zod";
import { LEVELS } from "@/core/levels";
import { completenessSchema } from "@/core/segments/schemas";

const time = z.iso.datetime();

/** What GET /api/logs/patterns/found answers: the patterns of what a search finds, of every level. */
export const foundPatternsSchema = completenessSchema.extend({
  /** Of entries that the search finds. */
  entries: z.number(),
  /** Of patterns among them. */
  total: z.number(),
  patterns: z.array(
    z.object({
      /** Null: of entries that were stored without one. */
      pattern: z.string().nullable(),
      template: z.string(),
      /** A real message of it, the newest; empty where it could not be read. */
      message: z.string(),
      /** The worst of it. */
      level: z.enum(LEVELS),
      count: z.number(),
      /** Of all entries, from 0 to 1. */
      share: z.number(),
      /** For each step of the time that is searched. */
      counts: z.array(z.number()),
      /** The begin of the step in which it came first. */
      first_seen: time,
      last_seen: time,
    }),
  ),
  /** Seconds of a step. */
  step_seconds: z.number(),
  from: time,
  to: time,
});

export type FoundPatterns = z.infer<typeof foundPatternsSchema>;
export type FoundPattern = FoundPatterns["patterns"][number];

import { z } from "zod";
import { otherReadingSchema } from "./reading-schemas";

/** Where in a query something is wrong. `position` is the index of a UTF-16 code unit, from 0. */
export const queryProblemSchema = z.object({
  position: z.number(),
  length: z.number(),
  problem: z.string(),
  /** What it can be searched for all the same. */
  instead: otherReadingSchema.optional(),
});

export const queryFaultSchema = z.object({ query: queryProblemSchema });

export type QueryProblem = z.infer<typeof queryProblemSchema>;

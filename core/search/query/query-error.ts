import { z } from "zod";
import { Fault } from "@/core/errors";
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

/** A Fault whose message says what is wrong and at which character, counted from 1; `data` lets an editor underline it. */
export function queryError(problem: string, position: number, length = 1): Fault {
  const data: { query: QueryProblem } = { query: { position, length, problem } };
  return new Fault("invalid", `${problem} at character ${position + 1} of the query`, data);
}

import { Fault } from "@/core/errors";
import type { QueryProblem } from "./query-problem";

/** A Fault whose message says what is wrong and at which character, counted from 1; `data` lets an editor underline it. */
export function queryError(problem: string, position: number, length = 1): Fault {
  const data: { query: QueryProblem } = { query: { position, length, problem } };
  return new Fault("invalid", `${problem} at character ${position + 1} of the query`, data);
}

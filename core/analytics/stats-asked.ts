import type { Sought } from "@/core/search/scope";
import type { Pipeline } from "./pipe-tree";

/** What is looked for, and what is done with it. */
export type StatsAsked = Sought & {
  pipeline: Pipeline;
  /** From then on no entry is gone (allKeptFrom), so that the counts by hour and day are those of entries that are there. */
  allKeptFrom: Date;
  /** Of IANA, by whose clocks steps, hours and weekdays go; absent: UTC. */
  zone?: string;
  /** How long it may take, in ms; absent: LIMITS.statsMs. */
  withinMs?: number;
};

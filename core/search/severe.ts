import { LEVELS } from "@/core/levels";

/** Index in LEVELS from which on entries have an index of their own (core/retention/index-partitions.ts). */
export const SEVERE = LEVELS.indexOf("warning");

import type pg from "pg";
import type { Context } from "@/core/context";
import type { Segments } from "./segments";

/** What happened; a test ends the process there. */
export const SEAL_STEPS = ["written", "stored", "catalogued", "taken out", "committed"] as const;
export type SealStep = (typeof SEAL_STEPS)[number];

/** What looks after the store needs. */
export type StoreContext = Context & { segments: Segments };

export type SealContext = StoreContext & {
  pool: pg.Pool;
  /** Told each step. */
  onStep?: (step: SealStep) => void;
};

import type pg from "pg";
import type { EntriesContext } from "./segments";

/** What happened; a test ends the process there. */
export const SEAL_STEPS = ["written", "stored", "catalogued", "taken out", "committed"] as const;
export type SealStep = (typeof SEAL_STEPS)[number];

export type SealContext = EntriesContext & {
  pool: pg.Pool;
  /** Told each step. */
  onStep?: (step: SealStep) => void;
};

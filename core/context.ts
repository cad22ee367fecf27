import type { Database } from "@/db/client";
import type { Clock } from "./clock";

/** What a function of core needs to read or write: passed in, so that a test brings its own database and time. */
export type Context = { db: Database; clock: Clock };

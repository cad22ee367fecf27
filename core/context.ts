import type { Database } from "@/db/client";
import type { Clock } from "./clock";

/** What runs SQL: the pool, or a transaction of it. */
export type Executor = Pick<Database, "execute">;

/** What a function of core needs to read or write: passed in, so that a test brings its own database and time. */
export type Context = { db: Database; clock: Clock };

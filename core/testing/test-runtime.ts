import { afterAll, beforeAll } from "vitest";
import { readConfig } from "@/core/config";
import { createRuntime, type Runtime } from "@/core/runtime";
import { knownMigrations } from "@/db/migrate";
import { PUBLIC_URL } from "./test-access";
import type { TestDatabase } from "./test-database";

/** A process over a test's database and clock, for its routes; filled before the first test runs. */
export function testRuntime(context: TestDatabase): { readonly runtime: Runtime } {
  let runtime: Runtime | undefined;
  beforeAll(() => {
    runtime = createRuntime({
      config: readConfig({ CORDWOOD_DATA_DIR: context.folder, CORDWOOD_LOG_LEVEL: "silent" }),
      connectionString: context.url,
      url: PUBLIC_URL,
      secret: "a secret of tests only, nothing else",
      isOnLoopback: true,
      startRowWorker: null,
      newestMigration: knownMigrations().at(-1) ?? 0,
      clock: context.clock,
    });
  });
  afterAll(async () => {
    await runtime?.close();
    globalThis.cordwoodRuntime = undefined;
  });
  return {
    get runtime() {
      if (!runtime) throw new Error("the test has not begun");
      return runtime;
    },
  };
}

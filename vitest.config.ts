import os from "node:os";
import path from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "@": path.resolve(import.meta.dirname) } },
  test: {
    include: ["{core,db,inngest,app,components,bin,bench}/**/*.test.{ts,tsx}"],
    globalSetup: ["core/testing/postgres.ts"],
    // Loading modules anew for each file took longer than many files' tests; what is shared is in the database, where each file has its own.
    isolate: false,
    // Tests wait for the database for half of their time, so that two processes are worth it on two cores too.
    maxWorkers: Math.max(2, os.availableParallelism()),
    // A slow machine must not fail a test: what hangs is ended, nothing else.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
  },
});

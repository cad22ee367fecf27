import path from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "@": path.resolve(import.meta.dirname) } },
  test: {
    include: ["{core,db,inngest,app,components,bin,bench}/**/*.test.{ts,tsx}"],
    globalSetup: ["core/testing/postgres.ts"],
    // A slow machine must not fail a test: what hangs is ended, nothing else.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
  },
});

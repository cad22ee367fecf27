import { defineConfig } from "vitest/config";
import plain from "./vitest.config";

/** Tests that are run again with the entries spread over workers of Citus, as CORDWOOD_DISTRIBUTE=1 does it (ADR 22). */
export default defineConfig({
  ...plain,
  test: {
    ...plain.test,
    include: [
      "core/backup/beside-writers.test.ts",
      "core/segments/storage/distributed.citus-test.ts",
      "core/ingest/ingest.test.ts",
      "core/realtime/hub.test.ts",
      "core/search/{answer-search,search-logs}.test.ts",
      "core/segments/seal-segments.test.ts",
    ],
    // What workers have is not known here, so days without entries are looked at there.
    testNamePattern: /^(?!.*has looked at the database once)/,
    globalSetup: ["core/testing/citus-setup.ts"],
  },
});

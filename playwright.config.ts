import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "e2e",
  // Each file starts a server of its own and waits for it or the browser for most of its time.
  workers: 2,
  retries: 0,
  // A bound for what hangs, not a measure: a server that starts twice takes a minute on a machine that is busy with other things.
  timeout: 600_000,
  expect: { timeout: 60_000 },
  use: {
    launchOptions: {
      executablePath: process.env.CORDWOOD_TEST_BROWSER,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
    viewport: { width: 1280, height: 900 },
    timezoneId: "Europe/Stockholm",
  },
});

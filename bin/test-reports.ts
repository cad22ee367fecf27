import path from "node:path";
import { z } from "zod";

export type Count = { passed: number; failed: number };

/** What a runner of tests says of its run. */
export type Report = Count & { files: { name: string; seconds: number }[] };

const vitestSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(z.object({ name: z.string(), startTime: z.number(), endTime: z.number() })),
});

/** Of Vitest's reporter `json`; its times are in ms. */
export function vitestReport(report: unknown): Report {
  const { numPassedTests, numFailedTests, testResults } = vitestSchema.parse(report);
  const files = testResults.map(({ name, startTime, endTime }) => ({
    name: path.relative(process.cwd(), name),
    seconds: (endTime - startTime) / 1000,
  }));
  return { passed: numPassedTests, failed: numFailedTests, files };
}

const suiteSchema = z.object({
  file: z.string(),
  specs: z.array(z.object({ tests: z.array(z.object({ results: z.array(z.object({ duration: z.number() })) })) })),
  get suites() {
    return z.array(suiteSchema).optional();
  },
});

const playwrightSchema = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number() }),
  suites: z.array(suiteSchema),
});

const durationMs = (suite: z.infer<typeof suiteSchema>): number => {
  const own = suite.specs.flatMap(({ tests }) => tests.flatMap(({ results }) => results));
  const below = (suite.suites ?? []).reduce((sum, one) => sum + durationMs(one), 0);
  return own.reduce((sum, { duration }) => sum + duration, below);
};

/** Of Playwright's reporter `json`; its times are in ms. A test that passed only on a second try has failed. */
export function playwrightReport(report: unknown): Report {
  const { stats, suites } = playwrightSchema.parse(report);
  const files = suites.map((suite) => ({ name: `e2e/${suite.file}`, seconds: durationMs(suite) / 1000 }));
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky, files };
}

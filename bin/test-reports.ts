import path from "node:path";
import { z } from "zod";

export type Count = { passed: number; failed: number };

/** What a runner of tests says of its run; `skipped` has for each test that did not run why, as far as that is known. */
export type Report = Count & { files: { name: string; seconds: number }[]; skipped: string[] };

const vitestSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      startTime: z.number(),
      endTime: z.number(),
      assertionResults: z.array(
        z.object({ ancestorTitles: z.array(z.string()), title: z.string(), status: z.string() }),
      ),
    }),
  ),
});

/** What Vitest calls a test that did not run; by `todo` nobody skips one. */
const SKIPPED = ["skipped", "pending", "todo"];

/** Of Vitest's reporter `json`; its times are in ms. It knows no reasons for what did not run, so its name says what that was. */
export function vitestReport(report: unknown): Report {
  const { numPassedTests, numFailedTests, testResults } = vitestSchema.parse(report);
  const files = testResults.map(({ name, startTime, endTime }) => ({
    name: path.relative(process.cwd(), name),
    seconds: (endTime - startTime) / 1000,
  }));
  const skipped = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => SKIPPED.includes(status))
      .map(({ ancestorTitles, title }) => `${path.relative(process.cwd(), name)}, ${ancestorTitles[0] ?? title}`),
  );
  return { passed: numPassedTests, failed: numFailedTests, files, skipped };
}

const testSchema = z.object({
  status: z.string(),
  annotations: z.array(z.object({ type: z.string(), description: z.string().optional() })),
  results: z.array(z.object({ duration: z.number() })),
});

const suiteSchema = z.object({
  file: z.string(),
  specs: z.array(z.object({ tests: z.array(testSchema) })),
  get suites() {
    return z.array(suiteSchema).optional();
  },
});

const playwrightSchema = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number() }),
  suites: z.array(suiteSchema),
});

const testsOf = (suite: z.infer<typeof suiteSchema>): z.infer<typeof testSchema>[] => [
  ...suite.specs.flatMap(({ tests }) => tests),
  ...(suite.suites ?? []).flatMap(testsOf),
];

const durationMs = (suite: z.infer<typeof suiteSchema>): number =>
  testsOf(suite)
    .flatMap(({ results }) => results)
    .reduce((sum, { duration }) => sum + duration, 0);

/** Of Playwright's reporter `json`; its times are in ms. A test that passed only on a second try has failed. */
export function playwrightReport(report: unknown): Report {
  const { stats, suites } = playwrightSchema.parse(report);
  const files = suites.map((suite) => ({ name: `e2e/${suite.file}`, seconds: durationMs(suite) / 1000 }));
  const skipped = suites.flatMap((suite) =>
    testsOf(suite)
      .filter(({ status }) => status === "skipped")
      .map(({ annotations }) => annotations.find(({ type }) => type === "skip")?.description ?? `e2e/${suite.file}`),
  );
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky, files, skipped };
}

/** A line for each reason, such as `3 skipped: nginx can't be installed here`. */
export function skippedLines(reasons: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => `${count} skipped: ${reason}`);
}

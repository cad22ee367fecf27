import { expect, test } from "vitest";
import { playwrightReport, skippedLines, vitestReport } from "./test-reports";

const assertion = (title: string, status: string, ...ancestorTitles: string[]) => ({ title, status, ancestorTitles });

test("given a report of Vitest, then it says what passed, failed and did not run", () => {
  const report = vitestReport({
    numPassedTests: 2,
    numFailedTests: 1,
    testResults: [
      {
        name: `${process.cwd()}/core/a.test.ts`,
        startTime: 1_000,
        endTime: 3_500,
        assertionResults: [
          assertion("one", "passed"),
          assertion("two", "failed"),
          assertion("three", "skipped", "real lines"),
          assertion("four", "skipped", "real lines"),
          assertion("five", "pending"),
          assertion("six", "passed"),
        ],
      },
    ],
  });
  expect(report).toEqual({
    passed: 2,
    failed: 1,
    files: [{ name: "core/a.test.ts", seconds: 2.5 }],
    skipped: ["core/a.test.ts, real lines", "core/a.test.ts, real lines", "core/a.test.ts, five"],
  });
  expect(skippedLines(report.skipped)).toEqual([
    "2 skipped: core/a.test.ts, real lines",
    "1 skipped: core/a.test.ts, five",
  ]);
});

test("given a report of Playwright, then it says what passed, failed, was tried twice and why something did not run", () => {
  const spec = (status: string, ...annotations: { type: string; description?: string }[]) => ({
    tests: [{ status, annotations, results: [{ duration: 500 }, { duration: 250 }] }],
  });
  expect(
    playwrightReport({
      stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 2 },
      suites: [
        {
          file: "a.spec.ts",
          specs: [spec("expected", { type: "slow" })],
          suites: [
            {
              file: "a.spec.ts",
              specs: [spec("skipped", { type: "skip", description: "no nginx here" }), spec("skipped")],
            },
          ],
        },
      ],
    }),
  ).toEqual({
    passed: 3,
    failed: 2,
    files: [{ name: "e2e/a.spec.ts", seconds: 2.25 }],
    skipped: ["no nginx here", "e2e/a.spec.ts"],
  });
});

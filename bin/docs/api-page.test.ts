import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { z } from "zod";
import { incidentSchema, violationSchema } from "@/core/alerts/schemas";
import { failingJobSchema, jobExecutionSchema, jobsSchema, lateJobSchema } from "@/core/jobs/schemas";
import { storageStateSchema } from "@/core/retention/schemas";
import { histogramSchema, listedEntrySchema } from "@/core/search/schemas";
import { missingSegmentSchema } from "@/core/segments/schemas";
import { storageSchema } from "@/core/segments/storage/schemas";
import {
  dashboardStatsSchema,
  logStatsSchema,
  overviewSchema,
  overviewServiceSchema,
  serviceDetailSchema,
  serviceHealthSchema,
  serviceListSchema,
  serviceNamesSchema,
  topErrorSchema,
  trendSchema,
} from "@/core/stats/schemas";
import { type Member, membersOf } from "./api-members";

/** What has a heading on the page: the schemas by which the pages of Cordwood themselves read these answers. */
const SHAPES: ReadonlyMap<string, z.ZodObject> = new Map<string, z.ZodObject>([
  ["DashboardStats", dashboardStatsSchema],
  ["LogStats", logStatsSchema],
  ["ServiceHealth", serviceHealthSchema],
  ["TopError", topErrorSchema],
  ["Trend", trendSchema],
  ["Overview", overviewSchema],
  ["ServiceDetail", serviceDetailSchema],
  ["ServiceList", serviceListSchema],
  ["Service", overviewServiceSchema],
  ["ServiceNames", serviceNamesSchema],
  ["Histogram", histogramSchema],
  ["Storage", storageSchema],
  ["StorageState", storageStateSchema],
  ["Jobs", jobsSchema],
  ["JobExecution", jobExecutionSchema],
  ["FailingJob", failingJobSchema],
  ["LateJob", lateJobSchema],
  ["Entry", listedEntrySchema],
  ["MissingSegment", missingSegmentSchema],
  ["Incident", incidentSchema],
  ["Violation", violationSchema],
]);
const NAMES = new Map([...SHAPES].map(([name, schema]) => [schema, name]));

const sections = new Map(
  readFileSync("docs/api.md", "utf8")
    .split(/^### /m)
    .slice(1)
    .map((section) => [section.split("\n")[0] ?? "", section]),
);

const toldOf = (section: string): Member[] =>
  [...section.matchAll(/^\| `([^`]+)` *\| (.+?) *\| .*\|$/gm)].map(([, name = "", type = ""]) => ({ name, type }));

test("given docs/api.md, then it has each answer that it is about", () => {
  expect([...sections.keys()].sort()).toEqual([...SHAPES.keys()].sort());
});

test.each([...SHAPES])(
  "given the answer %s, then docs/api.md says which members it has, of which types",
  (name, schema) => {
    expect(toldOf(sections.get(name) ?? "")).toEqual(membersOf(schema, NAMES));
  },
);

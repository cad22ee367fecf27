import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** Those that change nothing that anybody may want to know of later, or what can't be undone: that is written down by recordAudit, first. */
const OTHERS = [
  "./api/access/oidc/callback/route.ts",
  "./api/access/oidc/route.ts",
  "./api/access/password/reset-request/route.ts",
  "./api/access/sign-in/route.ts",
  "./api/inngest/route.ts",
  "./api/logs/alerts/check/route.ts",
  "./api/logs/alerts/query/preview/route.ts",
  "./api/logs/alerts/query/test/route.ts",
  "./api/logs/alerts/test/route.ts",
  "./api/logs/events/route.ts",
  "./api/logs/stats/route.ts",
  "./api/settings/retention/preview/route.ts",
];

const CHANGING = /^export const (?:POST|PUT|PATCH|DELETE) = /gm;

test("given every route that changes something, then it is written down in the same transaction", () => {
  const files = Object.keys(import.meta.glob("./**/route.ts"));
  const unrecorded = files.filter((file) => {
    const source = readFileSync(new URL(file, import.meta.url), "utf8");
    const changes = source.match(CHANGING)?.length ?? 0;
    return changes > (source.match(/\baudited\(/g)?.length ?? 0) && !source.includes("doorRoute(");
  });
  expect(unrecorded.toSorted()).toEqual(OTHERS.filter((file) => !file.includes("callback")));
});

test("given what is written down apart from a change, then it is one of those that are known", () => {
  const files = Object.keys(import.meta.glob("./**/*.ts")).filter((file) => !file.includes(".test."));
  const recording = files.filter((file) =>
    /\brecordAudit\(/.test(readFileSync(new URL(file, import.meta.url), "utf8")),
  );
  expect(recording.toSorted()).toEqual([
    "./api/access/oidc/callback/route.ts",
    "./api/access/sign-in/route.ts",
    // Of exports.
    "./api/api-route.ts",
    "./api/logs/alerts/query/test/route.ts",
    "./api/logs/alerts/test/route.ts",
  ]);
});

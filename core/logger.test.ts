import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { createLogger } from "./logger";

const lineSchema = z.object({
  level: z.number(),
  msg: z.string(),
  error: z.object({ message: z.string(), stack: z.string(), cause: z.object({ message: z.string() }) }),
});

test("given an error with a cause, when it is logged, then its message, stack and cause are there", () => {
  const lines: string[] = [];
  const logger = createLogger("info", { write: (line) => void lines.push(line) });
  logger.warn({ error: new Error("could not deliver", { cause: new Error("refused") }) }, "trying again");

  const [line] = lines.map((text) => lineSchema.parse(JSON.parse(text)));
  expect(line).toMatchObject({ level: 40, msg: "trying again" });
  expect(line?.error.message).toBe("could not deliver");
  expect(line?.error.stack).toContain("logger.test.ts");
  expect(line?.error.cause.message).toBe("refused");
});

test("given something that is no error, when it is logged as one, then it is there as it is", () => {
  const lines: string[] = [];
  createLogger("info", { write: (line) => void lines.push(line) }).warn({ error: "refused" }, "trying again");
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ error: "refused" });
});

test("given errors in a list of details, when it is logged, then their message, stack and cause are there", () => {
  const lines: string[] = [];
  const details = ["signing in", new Error("no answer", { cause: new Error("refused") })];
  createLogger("info", { write: (line) => void lines.push(line) }).error({ details }, "failed");
  const logged = z.object({ details: z.tuple([z.string(), lineSchema.shape.error]) }).parse(JSON.parse(lines[0] ?? ""));
  expect(logged.details[0]).toBe("signing in");
  expect(logged.details[1]).toMatchObject({ message: "no answer", cause: { message: "refused" } });
  expect(logged.details[1].stack).toContain("logger.test.ts");
});

/** Of what is no error of the program. */
const WITHOUT_ERROR = ["another secret was used with this database"];

test("given each place that logs a warning or an error, then it hands the error to a name that is written whole", () => {
  const calls = ["app", "bin", "core", "db", "inngest"]
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) => path.join(folder, file)),
    )
    .filter((file) => /\.tsx?$/.test(file) && !file.includes(".test."))
    .flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/logger\.(?:error|warn|fatal)\((.{0,100})/gs)].map(([, rest = ""]) => ({
        file,
        rest,
      })),
    )
    .filter(({ rest }) => !WITHOUT_ERROR.some((message) => rest.includes(message)));
  expect(calls.length).toBeGreaterThan(10);
  expect(calls.filter(({ rest }) => !/^\s*\{[^}]*\b(error|details)\b[^}]*\}/.test(rest))).toEqual([]);
});

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { createLogger, type Facts } from "./logger";

const errorSchema = z.object({ message: z.string(), stack: z.string(), cause: z.object({ message: z.string() }) });
const lineSchema = z.looseObject({ level: z.number(), msg: z.string() });

function logged(level: "debug" | "info" | "warn" | "error", facts: Facts) {
  const lines: string[] = [];
  createLogger("debug", { write: (line) => void lines.push(line) })[level](facts, "something happened");
  return lineSchema.parse(JSON.parse(lines[0] ?? ""));
}

const ERROR = new Error("could not deliver", { cause: new Error("refused") });

test.each([
  ["debug", 20],
  ["info", 30],
  ["warn", 40],
  ["error", 50],
] as const)(
  "given an error with a cause, when it is logged as %s, then its message, stack and cause are there",
  (level, number) => {
    const line = logged(level, { error: ERROR, path: "/api/logs" });
    expect(line).toMatchObject({ level: number, msg: "something happened", path: "/api/logs" });
    const error = errorSchema.parse(line.error);
    expect(error).toMatchObject({ message: "could not deliver", cause: { message: "refused" } });
    expect(error.stack).toContain("logger.test.ts");
  },
);

test("given something that is no error, when it is logged as one, then it is there as it is", () => {
  expect(logged("warn", { error: "refused" })).toMatchObject({ error: "refused" });
});

test("given errors in a list of details, when it is logged, then their message, stack and cause are there", () => {
  const [text, error] = z
    .tuple([z.string(), errorSchema])
    .parse(logged("error", { details: ["signing in", ERROR] }).details);
  expect(text).toBe("signing in");
  expect(error).toMatchObject({ cause: { message: "refused" } });
  expect(error.stack).toContain("logger.test.ts");
});

test("given an error under another name, or a message alone, then the types refuse it", () => {
  const logger = createLogger("silent");
  // @ts-expect-error
  logger.error({ err: ERROR }, "not written whole");
  // @ts-expect-error
  logger.warn({ path: ERROR }, "not written whole");
  // @ts-expect-error
  logger.warn(ERROR);
});

test("given every file of the server, then none makes a log of its own", () => {
  const files = Object.keys({
    ...import.meta.glob("./**/*.ts"),
    ...import.meta.glob("../{app,bin,db,inngest}/**/*.{ts,tsx}"),
  }).filter((file) => !file.includes(".test."));
  const others = files.filter((file) => readFileSync(new URL(file, import.meta.url), "utf8").includes('from "pino"'));
  expect(files.length).toBeGreaterThan(300);
  // The second is about pino: it has what people paste.
  expect(others).toEqual(["./logger.ts", "./senders/languages.ts"]);
});

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

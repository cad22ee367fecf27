import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { reasonOf } from "@/core/errors";

const operationsSchema = z.array(
  z.object({
    op: z.string(),
    id: z.string(),
    name: z.string().optional(),
    data: z.unknown().optional(),
    error: z.unknown().optional(),
  }),
);

/** What starts a function. `ts` is when it happened or is to happen, ms since 1970. */
export type RunnerEvent = { name: string; data: Record<string, unknown>; ts: number };

export type Call = {
  /** Of the serve endpoint, such as http://127.0.0.1:3000/api/inngest. */
  endpoint: string;
  token: string;
  functionId: string;
  event: RunnerEvent;
  retries: number;
  retryDelayMs: (attempt: number) => number;
  signal: AbortSignal;
};

/**
 * Runs one function to its end by the protocol of Inngest's SDK: calls the endpoint again and again,
 * with the results of the steps so far, until it answers with the function's result.
 * @throws Error with the last failure when the retries are used up
 */
export async function runFunction(call: Call): Promise<unknown> {
  const runId = randomUUID();
  const steps: Record<string, unknown> = {};
  const stack: string[] = [];
  for (let attempt = 0; ; ) {
    const outcome = await callOnce(call, { runId, steps, stack, attempt });
    if ("result" in outcome) return outcome.result;
    if ("failure" in outcome) {
      if (outcome.final || attempt >= call.retries) throw new Error(outcome.failure);
      await sleep(call.retryDelayMs(++attempt), undefined, { signal: call.signal });
      continue;
    }
    attempt = 0;
    for (const { op, id, name, data } of outcome.operations) {
      if (op === "Sleep") await sleep(sleepMs(name ?? ""), undefined, { signal: call.signal });
      steps[id] = op === "Sleep" ? null : { type: "data", data };
      stack.push(id);
    }
  }
}

type State = { runId: string; steps: Record<string, unknown>; stack: readonly string[]; attempt: number };
type Outcome =
  | { result: unknown }
  | { operations: z.infer<typeof operationsSchema> }
  | { failure: string; final: boolean };

async function callOnce(call: Call, { runId, steps, stack, attempt }: State): Promise<Outcome> {
  const event = { id: runId, ...call.event };
  const ctx = {
    fn_id: call.functionId,
    run_id: runId,
    attempt,
    max_attempts: call.retries + 1,
    env: "dev",
    disable_immediate_execution: false,
    use_api: false,
    stack: { stack, current: stack.length },
  };
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${call.endpoint}?fnId=${encodeURIComponent(call.functionId)}&stepId=step`, {
      method: "POST",
      headers: { "content-type": "application/json", [TOKEN_HEADER]: call.token },
      body: JSON.stringify({ version: 1, use_api: false, event, events: [event], steps, ctx }),
      signal: call.signal,
    });
    text = await response.text();
  } catch (error) {
    call.signal.throwIfAborted();
    return { failure: reasonOf(error), final: false };
  }
  const final = response.headers.get("x-inngest-no-retry") === "true";
  if (response.status === 200) return { result: text === "" ? null : JSON.parse(text) };
  if (response.status !== 206) return { failure: `status ${response.status}: ${text.slice(0, 1_000)}`, final };
  const operations = operationsSchema.parse(JSON.parse(text));
  const failed = operations.find(({ op }) => op === "StepError" || op === "StepFailed");
  if (failed) return { failure: JSON.stringify(failed.error).slice(0, 1_000), final };
  const complete = operations.find(({ op }) => op === "RunComplete");
  if (complete) return { result: complete.data };
  const unknown = operations.find(({ op }) => op !== "StepRun" && op !== "Step" && op !== "Sleep");
  if (unknown) return { failure: `the runner does not know the operation ${unknown.op}`, final: true };
  return { operations };
}

/** By which the endpoint knows the runner of its own process. */
export const TOKEN_HEADER = "x-cordwood-runner";

const UNIT_MS: Readonly<Record<string, number>> = {
  w: 604_800_000,
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
};

/** Inngest writes durations such as `1h30m` or `2s`. */
export function sleepMs(duration: string): number {
  const parts = [...duration.matchAll(/(\d+)(ms|[wdhms])/g)];
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNIT_MS[unit ?? ""] ?? 0), 0);
}

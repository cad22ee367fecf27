import { SECOND_MS } from "@/core/clock";
import { Pulse } from "@/core/pulse";
import { JudgeMemory } from "./judge-memory";
import { type JudgeContext, judgeQueries } from "./judge-queries";

/** How often new lines are taken: what this process wrote is still in its memory then, and a window is judged soon after its end. */
const EVERY_MS = 5 * SECOND_MS;
/** A little after a multiple of it, as windows are judged LIMITS.alertGraceMs after their ends. */
const AFTER_MS = 200;
/** Rest after work, in times of the work: less often than every other moment, and alerts would never catch up with many lines. */
const REST = 1;
/** But no longer: what is written meanwhile would no longer be in memory. */
const MOST_REST_MS = EVERY_MS;

/** Judges alerts on queries, again and again. Of several instances one does so at a time. */
export function createQueryJudge(context: JudgeContext): Pulse {
  const { logger, recent } = context;
  const memory = new JudgeMemory();
  const judge = new Pulse(
    async () => {
      const started = performance.now();
      judge.wake();
      const state = await judgeQueries(context, memory);
      recent.want("alerts", state === "done" || state === "behind");
      const worked = performance.now() - started;
      const rest = Math.min(worked * REST, MOST_REST_MS);
      return state === "behind" ? rest : Math.max(rest, nextIn(context.clock.now().getTime()));
    },
    (error) => logger.warn({ error }, "alerts on queries could not be judged; trying again"),
  );
  return judge;
}

const nextIn = (now: number): number => EVERY_MS - ((now - AFTER_MS) % EVERY_MS);

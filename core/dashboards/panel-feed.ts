import { floorTo, MINUTE_MS } from "@/core/clock";
import { type Fault, isFault, tooBusy, unavailable } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import type { Logger } from "@/core/logger";
import { Pulse } from "@/core/pulse";
import { Pace, sendingMs } from "@/core/realtime/pace";
import { bytesOf, eventText, keyOf, tellWatchers, type Watcher } from "@/core/realtime/watcher";
import { Turns } from "@/core/turns";
import type { PanelSource } from "./panel-source";
import { type PanelContext, readPanel } from "./read-panel";

/** Computed JSON, or why it can't be. */
type Outcome = { text: string } | { fault: Fault };

/** What was new, and which minute it was, when it began to be computed; ms by `performance.now()`. */
type Answer = { outcome: Outcome; news: number; minute: number; doneMs: number; tookMs: number };

/** Gives null when it was ended, as nobody wanted it any more. Until it has begun it waits for its turn. */
type Computing = { promise: Promise<Answer | null>; controller: AbortController; hasBegun: boolean };

type Shared = {
  source: PanelSource;
  watchers: Set<Watcher>;
  /** Those of them that had no room for the last answer. */
  behind: Set<Watcher>;
  /** Who asked once and waits. */
  waiting: number;
  answer: Answer | null;
  computing: Computing | null;
};

/** Computed at the same time, over all panels. */
const AT_ONCE = 2;
/** A panel rests for so long, and for so many times what it took. */
const LEAST_REST_MS = 2_000;
const REST = 5;

/**
 * Panels for all who look at them through this process. What several ask for is computed once: who comes meanwhile waits for the
 * same, who comes later gets what is kept until something new arrives. Who watches is told what became new, one panel after the
 * other, each at most every few seconds, and together in a part of the process's time (Pace).
 */
export class PanelFeed {
  /** By what they are computed of; the one that was asked for last is the last. */
  private readonly shared = new Map<string, Shared>();
  private readonly turns = new Turns(AT_ONCE, { most: LIMITS.waitingPanels, what: "panels" });
  private readonly pulse: Pulse;
  private readonly pace = new Pace();
  /** Counts what was heard of. Alerts change nothing but incidents, and entries all else. */
  private readonly news = { entries: 0, alerts: 0 };
  private bytes = 0;
  /** Whether what is new is heard of; if not, answers only count as new for a while. */
  isListening = false;
  /** How often something was computed. */
  computations = 0;

  constructor(private readonly context: PanelContext & { logger: Logger }) {
    this.pulse = new Pulse(
      () => this.deliver(),
      (error) => context.logger.warn({ error }, "panels could not be computed; trying again"),
    );
  }

  get watchers(): Watcher[] {
    return [...this.shared.values()].flatMap(({ watchers }) => [...watchers]);
  }

  /** Something was committed. */
  wake(what: keyof typeof this.news): void {
    this.news[what]++;
    this.pulse.wake();
  }

  /** Ranges move with the minute even when nothing comes, panels have rested, and some may have room again. */
  tick(): void {
    for (const shared of this.shared.values()) {
      if (shared.behind.size > 0 && !shared.computing) this.tell(shared, shared.behind);
    }
    this.pulse.wake();
  }

  /** Ends what is being computed. */
  async stop(): Promise<void> {
    this.pulse.stop();
    const computing = [...this.shared.values()].flatMap((shared) => shared.computing ?? []);
    for (const { controller } of computing) controller.abort();
    await Promise.all(computing.map(({ promise }) => promise));
  }

  /**
   * @param signal of who asks: what nobody waits for any more is not computed to its end
   * @returns JSON
   * @throws Fault as readPanel, or too_busy when too much is asked for; or the signal's reason when it aborts before
   */
  async read(source: PanelSource, signal?: AbortSignal): Promise<string> {
    const shared = this.sharedOf(source);
    shared.waiting++;
    try {
      if (!this.isNew(shared) && !isBeingComputed(shared)) this.turns.admit(this.waitingForOnce);
      const answer = this.isNew(shared) ? shared.answer : await unlessAborted(signal, this.compute(shared));
      if (answer === null) throw unavailable("the panel could not be computed");
      if ("fault" in answer.outcome) throw answer.outcome.fault;
      return answer.outcome.text;
    } finally {
      shared.waiting--;
      endUnwanted(shared);
      this.forgetOld();
    }
  }

  /** Tells `stats` now and whenever it is new, or `problem` with the reason. @returns what ends it @throws Fault too_busy */
  add(source: PanelSource, watcher: Watcher): () => void {
    const shared = this.sharedOf(source);
    shared.watchers.add(watcher);
    if (this.isNew(shared) || (shared.answer && shared.watchers.size > 1)) this.tell(shared, [watcher]);
    else {
      shared.behind.add(watcher);
      // It doesn't wait for its turn among those that are to be renewed.
      void this.compute(shared).then(() => this.tell(shared, shared.behind));
    }
    this.pulse.start();
    return () => {
      shared.watchers.delete(watcher);
      shared.behind.delete(watcher);
      endUnwanted(shared);
      if (this.watchers.length === 0) this.pulse.stop();
      this.forgetOld();
    };
  }

  private sharedOf(source: PanelSource): Shared {
    const key = keyOf(source);
    const known = this.shared.get(key);
    const shared: Shared = known ?? {
      source,
      watchers: new Set(),
      behind: new Set(),
      waiting: 0,
      answer: null,
      computing: null,
    };
    if (!known && (this.shared.size >= LIMITS.panelSources || this.bytes >= LIMITS.watchedPanelsBytes)) {
      throw tooBusy(`${this.shared.size} different panels are looked at already; ask again in a few seconds`, 5);
    }
    this.shared.delete(key);
    this.shared.set(key, shared);
    return shared;
  }

  /** How many wait for their turn that nobody watches: those that are watched are bounded by themselves. */
  private get waitingForOnce(): number {
    return [...this.shared.values()].filter(
      (shared) => shared.watchers.size === 0 && isBeingComputed(shared) && !shared.computing.hasBegun,
    ).length;
  }

  /** Whether an answer need not be computed again. */
  private isNew({ source, answer }: Shared): boolean {
    if (answer === null) return false;
    if (performance.now() - answer.doneMs < LEAST_REST_MS / 2) return true;
    return this.isListening && answer.news === this.newsOf(source) && answer.minute === this.currentMinute();
  }

  private newsOf({ kind }: PanelSource): number {
    return kind === "incidents" ? this.news.alerts : this.news.entries;
  }

  private currentMinute(): number {
    return floorTo(this.context.clock.now(), MINUTE_MS).getTime();
  }

  /** One computation for all who ask meanwhile. */
  private compute(shared: Shared): Promise<Answer | null> {
    if (isBeingComputed(shared)) return shared.computing.promise;
    const controller = new AbortController();
    const { signal } = controller;
    const promise = this.turns
      .run(signal, () => {
        computing.hasBegun = true;
        return this.computeNow(shared, signal);
      })
      .catch((error: unknown) => {
        if (signal.aborted) return null;
        throw error;
      });
    const computing: Computing = { controller, promise, hasBegun: false };
    shared.computing = computing;
    void computing.promise.then(() => {
      if (shared.computing === computing) shared.computing = null;
    });
    return computing.promise;
  }

  private async computeNow(shared: Shared, signal: AbortSignal): Promise<Answer | null> {
    const { source } = shared;
    const startedMs = performance.now();
    const [news, minute] = [this.newsOf(source), this.currentMinute()];
    this.computations++;
    let outcome: Outcome;
    try {
      outcome = { text: JSON.stringify(await readPanel(this.context, source, signal)) };
    } catch (error) {
      if (signal.aborted) return null;
      outcome = this.failed(error, shared.answer);
    }
    const doneMs = performance.now();
    this.bytes += sizeOf(outcome) - sizeOf(shared.answer?.outcome);
    shared.answer = { outcome, news, minute, doneMs, tookMs: doneMs - startedMs };
    for (const watcher of shared.watchers) shared.behind.add(watcher);
    return shared.answer;
  }

  /** What is wrong with the question is told. What is wrong here will be over: until then the last answer stays. */
  private failed(error: unknown, last: Answer | null): Outcome {
    const fault = isFault(error) ? error : null;
    if (!fault) this.context.logger.warn({ error }, "a panel could not be computed; trying again");
    const isOurs = fault === null || fault.kind === "too_busy" || fault.kind === "unavailable";
    if (isOurs && last) return last.outcome;
    return { fault: fault ?? unavailable("the panel could not be computed just now; it is tried again") };
  }

  /** Renews the panel whose turn it is. */
  private async deliver(): Promise<number> {
    const due = this.nextDue();
    if (!due) return 0;
    const started = performance.now();
    await this.compute(due);
    const bytes = sizeOf(due.answer?.outcome) * due.behind.size;
    const writes = due.behind.size;
    this.tell(due, due.behind);
    this.pulse.wake();
    return this.pace.restAfter(performance.now() - started + sendingMs(writes, bytes));
  }

  /** Of those that are watched and no longer new, the one that has waited for the longest. */
  private nextDue(): Shared | null {
    let next: Shared | null = null;
    for (const shared of this.shared.values()) {
      if (shared.watchers.size === 0 || shared.computing || this.isNew(shared) || isResting(shared)) continue;
      if (next === null || doneOf(shared) < doneOf(next)) next = shared;
    }
    return next;
  }

  private tell({ answer, behind }: Shared, watchers: Iterable<Watcher>): void {
    if (answer === null) return;
    const { outcome } = answer;
    const text =
      "text" in outcome
        ? eventText("stats", outcome.text, null)
        : eventText("problem", JSON.stringify({ error: outcome.fault.message }), null);
    tellWatchers(bytesOf(text), watchers, behind);
  }

  /** What nobody looks at is kept as long as there is room, the latest for the longest. */
  private forgetOld(): void {
    const isTooMuch = () => this.bytes > LIMITS.panelAnswersBytes || this.shared.size > LIMITS.panelSources / 2;
    for (const [key, shared] of this.shared) {
      if (!isTooMuch()) return;
      if (isWanted(shared) || shared.computing) continue;
      this.bytes -= sizeOf(shared.answer?.outcome);
      this.shared.delete(key);
    }
  }
}

function endUnwanted(shared: Shared): void {
  if (!isWanted(shared)) shared.computing?.controller.abort();
}

const isBeingComputed = (shared: Shared): shared is Shared & { computing: Computing } =>
  shared.computing !== null && !shared.computing.controller.signal.aborted;

/** @throws the signal's reason when it aborts before */
function unlessAborted<Result>(signal: AbortSignal | undefined, work: Promise<Result>): Promise<Result> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const giveUp = () => reject(signal.reason);
    signal.addEventListener("abort", giveUp, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", giveUp));
  });
}

const isWanted = ({ watchers, waiting }: Shared) => watchers.size > 0 || waiting > 0;

const doneOf = ({ answer }: Shared) => answer?.doneMs ?? 0;

const isResting = ({ answer }: Shared) =>
  answer !== null && performance.now() - answer.doneMs < Math.max(LEAST_REST_MS, REST * answer.tookMs);

/** Bytes of UTF-16, as which they are kept. */
const sizeOf = (outcome: Outcome | undefined) => (outcome && "text" in outcome ? outcome.text.length * 2 : 0);

/** What takes work to find out, and anybody may ask for: found out once for all who ask within a while. */
export class SharedAnswer<Answer> {
  private asked: { promise: Promise<Answer>; untilMs: number } | null = null;

  /**
   * @param keptMs for how long an answer holds
   * @param withinMs what takes longer, as on a connection that is lost without a word, is looked for anew by who asks then
   */
  constructor(
    private readonly find: () => Promise<Answer>,
    private readonly keptMs: number,
    private readonly withinMs: number,
  ) {}

  /** @throws what finding it out does, for all who wait */
  get(): Promise<Answer> {
    const nowMs = performance.now();
    if (this.asked && nowMs < this.asked.untilMs) return this.asked.promise;
    // Until it is known, nobody else looks.
    const asked = { promise: this.find(), untilMs: nowMs + this.withinMs };
    const end = () => {
      asked.untilMs = performance.now() + this.keptMs;
    };
    this.asked = asked;
    asked.promise.then(end, end);
    return asked.promise;
  }
}

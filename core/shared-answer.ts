/** What takes work to find out, and anybody may ask for: found out once for all who ask within a while. */
export class SharedAnswer<Answer> {
  private asked: { promise: Promise<Answer>; untilMs: number } | null = null;

  constructor(
    private readonly find: () => Promise<Answer>,
    private readonly keptMs: number,
  ) {}

  /** @throws what finding it out does, for all who wait */
  get(): Promise<Answer> {
    if (this.asked && performance.now() < this.asked.untilMs) return this.asked.promise;
    // Until it is known, nobody else looks.
    const asked = { promise: this.find(), untilMs: Number.POSITIVE_INFINITY };
    const end = () => {
      asked.untilMs = performance.now() + this.keptMs;
    };
    this.asked = asked;
    asked.promise.then(end, end);
    return asked.promise;
  }
}

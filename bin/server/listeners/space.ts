/** The bound on what one listener holds in memory: bytes that arrived and are not committed. */
export class Space {
  private readonly waiting: (() => void)[] = [];
  held = 0;

  /** @param limit bytes. One message alone always fits */
  constructor(private readonly limit: number) {}

  /** @returns false when there is no room */
  take(bytes: number): boolean {
    if (this.held > 0 && this.held + bytes > this.limit) return false;
    this.held += bytes;
    return true;
  }

  /** Waits for room. @returns false when there is none after `mostMs`, or `signal` aborts */
  async takeWhenFree(bytes: number, mostMs: number, signal: AbortSignal): Promise<boolean> {
    if (this.take(bytes)) return true;
    const end = AbortSignal.any([signal, AbortSignal.timeout(mostMs)]);
    while (!this.take(bytes)) {
      if (end.aborted) return false;
      await new Promise<void>((resolve) => {
        this.waiting.push(resolve);
        end.addEventListener("abort", () => resolve(), { once: true });
      });
    }
    return true;
  }

  release(bytes: number): void {
    this.held -= bytes;
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}

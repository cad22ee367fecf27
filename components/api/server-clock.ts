/** HTTP's Date is in whole seconds, and an answer takes a while: less than so much is no difference. */
const NOISE_MS = 3_000;

/** The server's time, by which entries are stored and silences end, as its answers tell it: the browser's may be wrong. */
export class ServerClock {
  /** By how much it is ahead of the browser's; null: nothing was heard of it. */
  private aheadMs: number | null = null;

  /** @param date of an answer's header Date */
  hear(date: string | null): void {
    const serverMs = date === null ? Number.NaN : Date.parse(date);
    if (Number.isNaN(serverMs)) return;
    const difference = serverMs - Date.now();
    this.aheadMs = Math.abs(difference) < NOISE_MS ? 0 : difference;
  }

  /** Now, as far as is known; ms since 1970 */
  nowMs(): number {
    return Date.now() + (this.aheadMs ?? 0);
  }

  /** Whether a moment of the server's is so long ago; as long as nobody knows, it is not. @param ms since 1970 */
  isOlderThan(ms: number, ageMs: number): boolean {
    return this.aheadMs !== null && this.nowMs() - ms > ageMs;
  }
}

export const serverClock = new ServerClock();

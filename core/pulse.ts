/** Runs work when it is woken: never twice at once, and not again before its time. Being woken while it runs makes it run again. */
export class Pulse {
  private isRunning = false;
  private isWoken = false;
  private isStopped = true;
  private notBefore = 0;
  private timer: NodeJS.Timeout | undefined;

  /**
   * @param work gives the ms until it may run again; its errors are the caller's to report
   * @param failed what it threw; it is tried again after `retryMs`
   */
  constructor(
    private readonly work: () => Promise<number>,
    private readonly failed: (error: unknown) => void,
    private readonly retryMs = 500,
  ) {}

  start(): void {
    this.isStopped = false;
    this.wake();
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  wake(): void {
    this.isWoken = true;
    if (this.isRunning || this.isStopped || this.timer) return;
    this.timer = setTimeout(() => void this.run(), Math.max(0, this.notBefore - performance.now()));
  }

  private async run(): Promise<void> {
    this.timer = undefined;
    this.isRunning = true;
    this.isWoken = false;
    let restMs = this.retryMs;
    try {
      restMs = await this.work();
    } catch (error) {
      this.isWoken = true;
      this.failed(error);
    }
    this.isRunning = false;
    this.notBefore = performance.now() + restMs;
    if (this.isWoken) this.wake();
  }
}

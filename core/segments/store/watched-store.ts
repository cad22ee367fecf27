import type { Readable } from "node:stream";
import { addMs, type Clock } from "@/core/clock";
import { reasonOf } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import type { Measured } from "./measure";
import type { HeldFile, SegmentStore, StoredFile, StoredSegment } from "./segment-store";
import { isUnreadable, Unreadable } from "./unreadable";

/** Whether a store can be reached, and if not, why and since when it is known. */
export type StoreState = { reachable: true } | { reachable: false; reason: string; since: Date };

/**
 * A store that knows whether it can be reached. Whatever fails without being a file's fault makes it look for its mark. If that is
 * there, the store is, and only what failed is away: nothing is known of the file. While the store is away, nobody waits for it; each who asks has it looked for again.
 */
export class WatchedStore implements SegmentStore {
  readonly name: string;
  readonly localFolder: string;
  readonly isRemote: boolean;
  private known: StoreState = { reachable: true };
  private expectedMark: string | null = null;
  private checkedAt: Date | null = null;
  private checking: Promise<void> | null = null;

  constructor(
    private readonly inner: SegmentStore,
    private readonly clock: Clock,
    private readonly changed: (state: StoreState) => void = () => undefined,
  ) {
    this.name = inner.name;
    this.localFolder = inner.localFolder;
    this.isRemote = inner.isRemote;
  }

  /** What is known of it; what is older than LIMITS.storeCheckMs is found out anew for who asks next. */
  get state(): StoreState {
    if (this.isOutdated()) void this.check();
    return this.known;
  }

  /** The mark that this database's store has: another one, or none, means that something else is in its place. */
  expectMark(mark: string): void {
    this.expectedMark = mark;
  }

  /** The same, of a store that has just shown it. */
  foundMark(mark: string): void {
    this.expectMark(mark);
    this.learn(null);
  }

  /** Looks whether it can be reached, unless that is known already. */
  async check(): Promise<StoreState> {
    if (this.isOutdated()) {
      this.checking ??= this.findMark().finally(() => {
        this.checking = null;
      });
    }
    await this.checking;
    return this.known;
  }

  async put(segment: StoredSegment, localFile: string): Promise<void> {
    await this.noting(this.inner.put(segment, localFile));
  }

  async hold(segment: StoredSegment, signal?: AbortSignal): Promise<HeldFile> {
    const copy = this.state.reachable ? null : await this.inner.holdCopy(segment).catch(() => null);
    return copy ?? this.ofFile(() => this.inner.hold(segment, signal), signal);
  }

  holdCopy(segment: StoredSegment): Promise<HeldFile | null> {
    return this.inner.holdCopy(segment);
  }

  open(path: string): Promise<Readable> {
    return this.ofFile(() => this.inner.open(path));
  }

  measure(path: string): Promise<Measured> {
    return this.ofFile(() => this.inner.measure(path));
  }

  forgetCopy(path: string): Promise<boolean> {
    return this.inner.forgetCopy(path);
  }

  async remove(path: string): Promise<void> {
    await this.noting(this.inner.remove(path));
  }

  async *list(ending?: string): AsyncGenerator<StoredFile> {
    try {
      yield* this.inner.list(ending);
    } catch (error) {
      await this.checkAnew();
      throw error;
    }
  }

  async readMark(signal?: AbortSignal): Promise<string | null> {
    try {
      return await this.inner.readMark(signal);
    } catch (error) {
      this.learn(reasonOf(error));
      throw error;
    }
  }

  async writeMark(mark: string): Promise<void> {
    await this.noting(this.inner.writeMark(mark));
  }

  private async noting<Result>(work: Promise<Result>): Promise<Result> {
    try {
      return await work;
    } catch (error) {
      await this.checkAnew();
      throw error;
    }
  }

  private async ofFile<Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    const { state } = this;
    if (!state.reachable) throw new Unreadable("away", state.reason);
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      const now = await this.checkAnew();
      if (!now.reachable) throw new Unreadable("away", now.reason);
      throw isUnreadable(error) ? error : new Unreadable("away", reasonOf(error));
    }
  }

  private isOutdated(): boolean {
    return this.checkedAt === null || addMs(this.checkedAt, LIMITS.storeCheckMs) <= this.clock.now();
  }

  /** Something failed: what was known before counts no more. */
  private checkAnew(): Promise<StoreState> {
    this.checkedAt = null;
    return this.check();
  }

  private async findMark(): Promise<void> {
    try {
      const mark = await this.inner.readMark(AbortSignal.timeout(LIMITS.storeAnswerMs));
      const isIt = this.expectedMark === null || mark === this.expectedMark;
      this.learn(isIt ? null : `${this.name} ${mark === null ? "is no store" : "is the store of another database"}`);
    } catch (error) {
      this.learn(reasonOf(error));
    }
  }

  private learn(problem: string | null): void {
    this.checkedAt = this.clock.now();
    const { known } = this;
    const since = known.reachable ? this.checkedAt : known.since;
    this.known = problem === null ? { reachable: true } : { reachable: false, reason: problem, since };
    if (known.reachable !== this.known.reachable) this.changed(this.known);
  }
}

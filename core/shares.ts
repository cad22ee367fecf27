import { tooBusy } from "./errors";

/** Lets each who asks have so many of something at once. */
export class Shares {
  private readonly taken = new Map<string, number>();

  /** @param what is had, in the plural */
  constructor(
    private readonly most: number,
    private readonly what: string,
  ) {}

  /** @returns what gives it back; to call it again changes nothing @throws Fault too_busy for one who has all that one may have */
  take(owner: string): () => void {
    const had = this.taken.get(owner) ?? 0;
    if (had >= this.most) {
      throw tooBusy(`you have ${had} ${this.what} already; ask again when one of them has ended`, RETRY_SECONDS);
    }
    this.taken.set(owner, had + 1);
    let isGivenBack = false;
    return () => {
      if (isGivenBack) return;
      isGivenBack = true;
      const left = (this.taken.get(owner) ?? 1) - 1;
      if (left > 0) this.taken.set(owner, left);
      else this.taken.delete(owner);
    };
  }
}

const RETRY_SECONDS = 5;

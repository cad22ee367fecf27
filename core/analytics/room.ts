import { invalid } from "@/core/errors";
import { LIMITS } from "@/core/limits";

/** The memory that one computation may take, over all of its parts. */
export class Room {
  private taken = 0;

  /** @throws Fault invalid when there is not so much left */
  take(bytes: number): void {
    this.taken += bytes;
    if (this.taken <= LIMITS.computedBytes) return;
    throw noRoom();
  }

  giveBack(bytes: number): void {
    this.taken -= bytes;
  }
}

/** @returns Fault invalid: what computations hold together would be more than there is room for */
export const noRoom = () =>
  invalid("this needs more values in memory than there is room for: narrow the query or its time");

import { LRUCache } from "lru-cache";
import type { KeyPrincipal } from "@/core/access/principal";
import { groupOf, type RateLimits } from "@/core/access/rate-limits";
import { type Clock, SECOND_MS } from "@/core/clock";
import { isFault, tooBusy, unauthorised } from "@/core/errors";
import type { KeyStore } from "./key-store";
import { hashOf } from "./key-text";

/** Addresses of which it is remembered that they guess. */
const BARRED_ADDRESSES = 10_000;
const RIGHT_KEYS = 10_000;

/** Where every key is looked at that somebody brings: a wrong one is a guess, and guesses are counted by address. */
export class KeyCheck {
  /** By group of addresses, until when (ms since 1970): what comes from there in the meantime costs no look at the database. */
  private readonly barred = new LRUCache<string, number>({ max: BARRED_ADDRESSES });
  /** Hashes of keys that were right when they were looked at last: looked at all the same, whoever else guesses there. */
  private readonly right = new LRUCache<string, true>({ max: RIGHT_KEYS });

  constructor(
    private readonly keys: KeyStore,
    private readonly limits: RateLimits,
    private readonly clock: Clock,
  ) {}

  /**
   * @param address of who brings the key
   * @throws Fault unauthorised for a key that does not hold, too_busy when too many of those came from the address; or an error of the database
   */
  async principalOf(key: string, address: string): Promise<KeyPrincipal> {
    const hash = hashOf(key);
    const nowMs = this.clock.now().getTime();
    const barredMs = (this.barred.get(groupOf(address)) ?? 0) - nowMs;
    if (barredMs > 0 && !this.right.has(hash) && !this.keys.isAtHand(hash))
      throw tooBusy("too many wrong keys came from this address", Math.ceil(barredMs / SECOND_MS));
    const principal = await this.keys.find(hash);
    if (principal) {
      this.right.set(hash, true);
      return principal;
    }
    this.right.delete(hash);
    await this.countGuess(address, nowMs);
    throw unauthorised("the API key is unknown, has expired or was revoked");
  }

  private async countGuess(address: string, nowMs: number): Promise<void> {
    try {
      await this.limits.takeWrongKey(address);
    } catch (error) {
      if (isFault(error)) this.barred.set(groupOf(address), nowMs + error.retryAfterSeconds * SECOND_MS);
      throw error;
    }
  }
}

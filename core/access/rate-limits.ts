import ipaddr from "ipaddr.js";
import type pg from "pg";
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterPostgres,
  RateLimiterRedis,
  RateLimiterRes,
} from "rate-limiter-flexible";
import { MINUTE_MS, SECOND_MS } from "@/core/clock";
import { tooBusy } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import type { Principal } from "./principal";
import type { SharedCounts } from "./shared-counts";

const WINDOW_SECONDS = MINUTE_MS / SECOND_MS;

/** How much of everything one sender may have in a minute. */
export class RateLimits {
  /** Counted in the database, so that instances together give no more tries than one. */
  private readonly signIns: RateLimiterAbstract;
  private readonly strangers: RateLimiterAbstract;
  /** Apart from strangers: whoever guesses keys must not keep others at the address from signing in. */
  private readonly wrongKeys: RateLimiterAbstract;
  private readonly users: RateLimiterAbstract;
  private readonly keys: RateLimiterAbstract;

  /** @param shared null: each instance counts requests on its own */
  constructor(
    pool: pg.Pool,
    readonly shared: SharedCounts | null,
  ) {
    this.strangers = limiterOf("strangers", LIMITS.strangersPerMinute, shared);
    this.wrongKeys = limiterOf("wrong-keys", LIMITS.wrongKeysPerMinute, shared);
    this.users = limiterOf("users", LIMITS.userRequestsPerMinute, shared);
    this.keys = limiterOf("keys", LIMITS.keyRequestsPerMinute, shared);
    this.signIns = new RateLimiterPostgres({
      storeClient: pool,
      storeType: "pool",
      schemaName: "logs",
      tableName: "rate_limits",
      tableCreated: true,
      keyPrefix: "sign-in",
      points: LIMITS.signInsPerMinute,
      // Who has had them all is refused without a word to the database.
      inMemoryBlockOnConsumed: LIMITS.signInsPerMinute,
      duration: WINDOW_SECONDS,
    });
  }

  /**
   * Of guesses: passwords, and tokens of links.
   * @throws Fault too_busy
   */
  takeSignIn(address: string): Promise<void> {
    return take(this.signIns, groupOf(address), "too many attempts from this address; wait a minute");
  }

  /** Of an API key that does not hold. @throws Fault too_busy */
  takeWrongKey(address: string): Promise<void> {
    return take(this.wrongKeys, groupOf(address), "too many wrong keys came from this address");
  }

  /** @throws Fault too_busy */
  async takeRequest(principal: Principal | null, address: string): Promise<void> {
    const message = "too many requests in a minute; send this one again a little later";
    if (principal === null) return take(this.strangers, groupOf(address), message);
    if (principal.kind === "user") return take(this.users, principal.id, message);
    if (principal.kind === "key") return take(this.keys, principal.id, message);
  }
}

/** Redis away must not keep requests away: this process counts on alone then. */
function limiterOf(name: string, points: number, shared: SharedCounts | null): RateLimiterAbstract {
  const own = new RateLimiterMemory({ points, duration: WINDOW_SECONDS });
  if (shared === null) return own;
  return new RateLimiterRedis({
    storeClient: shared.client,
    keyPrefix: `cordwood:${name}`,
    points,
    duration: WINDOW_SECONDS,
    insuranceLimiter: own,
    rejectIfRedisNotReady: true,
  });
}

async function take(limiter: RateLimiterAbstract, key: string, message: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    throw tooBusy(message, Math.max(1, Math.ceil(refused.msBeforeNext / SECOND_MS)));
  }
}

/** What an address counts as: one who has an IPv6 network has 2^64 addresses in it, so they count as one. */
export function groupOf(address: string): string {
  if (!ipaddr.IPv6.isValid(address)) return address;
  const parsed = ipaddr.IPv6.parse(address);
  if (parsed.isIPv4MappedAddress()) return parsed.toIPv4Address().toString();
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toNormalizedString()}/64`).toString()}/64`;
}

import { LRUCache } from "lru-cache";
import proxyaddr from "proxy-addr";
import { hashOf } from "@/core/access/keys/key-text";
import { requireNeed } from "@/core/access/needs";
import type { Principal } from "@/core/access/principal";
import { SECOND_MS } from "@/core/clock";
import { isFault, tooBusy, unauthorised } from "@/core/errors";
import type { ListenerContext } from "./listener";
import type { Sender } from "./message";

/** Addresses of which it is remembered that they guess. */
const BARRED_ADDRESSES = 10_000;
const RIGHT_KEYS = 10_000;
const LOCAL: Principal = { kind: "local" };

/**
 * Who may send by a listener (docs/security.md): whoever brings a key with the scope `ingest`; whoever has shown otherwise that it may,
 * by a certificate, a shared key, or its address; and on a machine without accounts everybody.
 */
export class Guard {
  private readonly isKnownAddress: (address: string) => boolean;
  /** Until when: what comes from there in the meantime costs no look at the database. */
  private readonly barred = new LRUCache<string, number>({ max: BARRED_ADDRESSES });
  /** Hashes of keys that were right when they were looked at last. */
  private readonly right = new LRUCache<string, true>({ max: RIGHT_KEYS });

  constructor(private readonly context: ListenerContext) {
    const isInRange = proxyaddr.compile([...context.config.listeners.addresses]);
    this.isKnownAddress = (address) => isInRange(address, 0);
  }

  /**
   * For messages of a socket. How many it brings at once depends on how busy the database is, and what one may send is bounded by
   * memory and by senders waiting, so only guesses are counted.
   * @returns services that may be written; undefined: all
   * @throws Fault unauthorised, forbidden, or too_busy for one who guesses too much; or an error of the database
   */
  async admit(sender: Sender, key: string | null): Promise<ReadonlySet<string> | undefined> {
    return servicesOf(await this.principalOf(sender, key));
  }

  /**
   * For a request, whose sender can be told to come again later.
   * @throws Fault also too_busy for a key with too many requests
   */
  async admitRequest(sender: Sender, key: string | null): Promise<ReadonlySet<string> | undefined> {
    const principal = await this.principalOf(sender, key);
    await this.context.access.limits.takeRequest(principal, sender.address);
    return servicesOf(principal);
  }

  private async principalOf(sender: Sender, key: string | null): Promise<Principal> {
    const principal = key === null ? await this.withoutKey(sender) : await this.ofKey(sender, key);
    requireNeed(principal, "ingest");
    return principal;
  }

  private async withoutKey(sender: Sender): Promise<Principal> {
    if (sender.isTrusted || this.isKnownAddress(sender.address)) return LOCAL;
    if ((await this.context.access.mode()) === "local") return LOCAL;
    throw unauthorised("it brings no key, and comes from no address of CORDWOOD_LISTENER_ADDRESSES");
  }

  /** A wrong key is a guess, and guesses are counted. One that was right is looked at all the same, whoever else guesses there. */
  private async ofKey({ address }: Sender, key: string): Promise<Principal> {
    const nowMs = this.context.clock.now().getTime();
    const hash = hashOf(key);
    if (nowMs < (this.barred.get(address) ?? 0) && !this.right.has(hash))
      throw tooBusy("too many wrong keys came from its address");
    const { keys, limits } = this.context.access;
    const principal = await keys.find(key);
    if (principal) {
      this.right.set(hash, true);
      return principal;
    }
    this.right.delete(hash);
    try {
      await limits.takeRequest(null, address);
    } catch (error) {
      if (isFault(error)) this.barred.set(address, nowMs + error.retryAfterSeconds * SECOND_MS);
      throw error;
    }
    throw unauthorised("the key that it brings is unknown, has expired or was revoked");
  }
}

const servicesOf = (principal: Principal): ReadonlySet<string> | undefined =>
  principal.kind === "key" && principal.services ? new Set(principal.services) : undefined;

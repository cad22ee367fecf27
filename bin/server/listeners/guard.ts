import { LRUCache } from "lru-cache";
import proxyaddr from "proxy-addr";
import { requireNeed } from "@/core/access/needs";
import type { Principal } from "@/core/access/principal";
import { SECOND_MS } from "@/core/clock";
import { isFault, tooBusy, unauthorised } from "@/core/errors";
import type { ListenerContext } from "./listener";
import type { Sender } from "./message";

/** Addresses of which it is remembered that they guess. */
const BARRED_ADDRESSES = 10_000;
const LOCAL: Principal = { kind: "local" };

/**
 * Who may send by a listener (docs/security.md): whoever brings a key with the scope `ingest`; whoever has shown otherwise that it may,
 * by a certificate, a shared key, or its address; and on a machine without accounts everybody.
 */
export class Guard {
  private readonly isKnownAddress: (address: string) => boolean;
  /** Until when: what comes from there in the meantime costs no look at the database. */
  private readonly barred = new LRUCache<string, number>({ max: BARRED_ADDRESSES });

  constructor(private readonly context: ListenerContext) {
    const isInRange = proxyaddr.compile([...context.config.listeners.addresses]);
    this.isKnownAddress = (address) => isInRange(address, 0);
  }

  /**
   * @returns services that may be written; undefined: all
   * @throws Fault unauthorised, forbidden, or too_busy for one who sends too much; or an error of the database
   */
  async admit(sender: Sender, key: string | null): Promise<ReadonlySet<string> | undefined> {
    const { access } = this.context;
    const principal = key === null ? await this.withoutKey(sender) : await this.ofKey(sender, key);
    requireNeed(principal, "ingest");
    await access.limits.takeRequest(principal, sender.address);
    return principal.kind === "key" && principal.services ? new Set(principal.services) : undefined;
  }

  private async withoutKey(sender: Sender): Promise<Principal> {
    if (sender.isTrusted || this.isKnownAddress(sender.address)) return LOCAL;
    if ((await this.context.access.mode()) === "local") return LOCAL;
    throw unauthorised("it brings no key, and comes from no address of CORDWOOD_LISTENER_ADDRESSES");
  }

  /** A wrong key is a guess, and guesses are counted. */
  private async ofKey({ address }: Sender, key: string): Promise<Principal> {
    const nowMs = this.context.clock.now().getTime();
    if (nowMs < (this.barred.get(address) ?? 0)) throw tooBusy("too many wrong keys came from its address");
    const { keys, limits } = this.context.access;
    const principal = await keys.find(key);
    if (principal) return principal;
    try {
      await limits.takeRequest(null, address);
    } catch (error) {
      if (isFault(error)) this.barred.set(address, nowMs + error.retryAfterSeconds * SECOND_MS);
      throw error;
    }
    throw unauthorised("the key that it brings is unknown, has expired or was revoked");
  }
}

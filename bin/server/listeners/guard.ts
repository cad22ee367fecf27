import proxyaddr from "proxy-addr";
import { isNoKey } from "@/core/access/keys/no-key";
import { requireNeed } from "@/core/access/needs";
import type { Principal } from "@/core/access/principal";
import { unauthorised } from "@/core/errors";
import type { ListenerContext } from "./listener";
import type { Sender } from "./message";

const LOCAL: Principal = { kind: "local" };

/**
 * Who may send by a listener (docs/security.md): whoever brings a key with the scope `ingest`; whoever has shown otherwise that it may,
 * by a certificate, a shared key, or its address; and on a machine without accounts everybody.
 */
export class Guard {
  private readonly isKnownAddress: (address: string) => boolean;

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
    const principal =
      key === null || isNoKey(key)
        ? await this.withoutKey(sender)
        : await this.context.access.keys.principalOf(key, sender.address);
    requireNeed(principal, "ingest");
    return principal;
  }

  private async withoutKey(sender: Sender): Promise<Principal> {
    if (sender.isTrusted || this.isKnownAddress(sender.address)) return LOCAL;
    if ((await this.context.access.mode()) === "local") return LOCAL;
    throw unauthorised("it brings no key, and comes from no address of CORDWOOD_LISTENER_ADDRESSES");
  }
}

const servicesOf = (principal: Principal): ReadonlySet<string> | undefined =>
  principal.kind === "key" && principal.services ? new Set(principal.services) : undefined;

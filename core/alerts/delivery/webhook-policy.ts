import http from "node:http";
import https from "node:https";
import type { LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from "request-filtering-agent";
import { invalidField } from "@/core/errors";

/** Which addresses webhooks may call. Private, loopback and other reserved ones only when they are allowed. */
export type WebhookPolicy = {
  allowPrivate: boolean;
  /** Addresses and CIDR ranges that are allowed although they are private. */
  allowed: readonly string[];
  /** How names are resolved; the system's way when it is absent. */
  lookup?: LookupFunction;
};

/**
 * Refuses a URL whose host is an address that may not be called, in any spelling that URLs allow, or a name for this
 * machine. Other names are checked when they have been resolved, by agentFor.
 * @throws Fault invalid
 */
export function refuseForbiddenUrl(policy: WebhookPolicy, url: string | null, field = "alert_webhook_url"): void {
  if (url === null || policy.allowPrivate) return;
  const host = new URL(url).hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  const isLocalName = host === "localhost" || host.endsWith(".localhost");
  if ((isLocalName && policy.allowed.length === 0) || (ipaddr.isValid(host) && !isAllowed(policy, host))) {
    throw invalidField(
      field,
      `must not call ${host}: private and loopback addresses are refused unless CORDWOOD_WEBHOOK_ADDRESSES names them or CORDWOOD_ALLOW_PRIVATE_WEBHOOKS=1 is set`,
    );
  }
}

function isAllowed({ allowed }: WebhookPolicy, host: string): boolean {
  const address = ipaddr.process(host);
  if (address.range() === "unicast") return true;
  return allowed.some((entry) => {
    const [range, bits] = ipaddr.parseCIDR(entry.includes("/") ? entry : `${entry}/${entry.includes(":") ? 128 : 32}`);
    return range.kind() === address.kind() && address.match(range, bits);
  });
}

/** Connects only where the policy allows, decided on the address that was resolved and is connected to. */
export function agentFor(policy: WebhookPolicy, url: URL): http.Agent {
  const options = { keepAlive: false };
  if (policy.allowPrivate) return url.protocol === "https:" ? new https.Agent(options) : new http.Agent(options);
  const filter = { ...options, allowIPAddressList: [...policy.allowed] };
  return url.protocol === "https:" ? new RequestFilteringHttpsAgent(filter) : new RequestFilteringHttpAgent(filter);
}

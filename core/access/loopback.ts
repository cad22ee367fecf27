import ipaddr from "ipaddr.js";
import { LRUCache } from "lru-cache";

/** Every request names one, and nearly all the same. */
const loopbackHosts = new LRUCache<string, boolean>({ max: 100 });

/** @param host of a request or a URL: a name or an address, with or without a port */
export function isLoopbackHost(host: string): boolean {
  let isLoopback = loopbackHosts.get(host);
  if (isLoopback === undefined) {
    isLoopback = leadsToLoopback(host);
    loopbackHosts.set(host, isLoopback);
  }
  return isLoopback;
}

function leadsToLoopback(host: string): boolean {
  if (!URL.canParse(`http://${host}`)) return false;
  const { hostname } = new URL(`http://${host}`);
  const name = hostname.replace(/^\[|\]$/g, "");
  return name === "localhost" || name.endsWith(".localhost") || isLoopbackAddress(name);
}

type ToOthers = { publicUrl: string | null; trustedProxies: readonly string[] };

/**
 * Whether somebody has set up that others reach the server, by a name or through a proxy: its requests come from this machine then
 * whoever sends them, so they say nothing of who that is.
 */
export const isPublished = ({ publicUrl, trustedProxies }: ToOthers): boolean =>
  trustedProxies.length > 0 || (publicUrl !== null && !isLoopbackHost(new URL(publicUrl).host));

export const isLoopbackAddress = (address: string): boolean =>
  ipaddr.isValid(address) && ipaddr.process(address).range() === "loopback";

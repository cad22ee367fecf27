import type { Access } from "@/core/access/access";
import type { HeaderReader } from "@/core/access/header-reader";
import { type Identity, identify } from "@/core/access/identify";
import { isOpenNeed, type Need, requireNeed } from "@/core/access/needs";
import { SERVER_HEADERS } from "@/core/access/server-headers";
import { unauthorised } from "@/core/errors";

const LOCKED = "this server is locked until its first account is made, by the link that it printed at its start";

/**
 * Lets in who may have what a route or page needs. Where nothing is needed it is not looked who asks: probes are answered
 * whatever they bring, and guesses are counted by the routes that take them.
 * @param keyInUrl that counts when no header has one
 * @throws Fault unauthorised, forbidden, or too_busy for one who sends too much
 */
export async function admit(
  access: Access,
  headers: HeaderReader,
  need: Need,
  keyInUrl: string | null = null,
): Promise<Identity & { address: string }> {
  const address = headers.get(SERVER_HEADERS.address) ?? "";
  if (isOpenNeed(need)) {
    if (need === "nothing" && (await access.mode()) === "locked") throw unauthorised(LOCKED);
    return { principal: null, cookies: [], address };
  }
  const identity = await identify(access, headers, keyInUrl);
  await access.limits.takeRequest(identity.principal, address);
  requireNeed(identity.principal, need);
  return { ...identity, address };
}

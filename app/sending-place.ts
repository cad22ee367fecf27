import type { SendingPlace } from "@/components/send/sending-place";
import { mayRole } from "@/core/access/needs";
import { listKeyMakers } from "@/core/access/users/list-key-makers";
import { getRuntime } from "@/core/runtime";
import { originOf } from "./origin";
import { viewerOf } from "./viewer";

const MOST_ASKED = 3;

/** What pages that show how to send need to know of this server. */
export async function sendingPlaceOf(): Promise<SendingPlace> {
  const { config } = getRuntime();
  const { syslogPort, forwardPort } = config.listeners;
  // Port 0 is a free one, which nobody knows beforehand.
  return {
    origin: await originOf(),
    isConfigured: config.publicUrl !== null,
    ports: { syslog: syslogPort || null, forward: forwardPort || null },
    keyMakers: await keyMakers(),
  };
}

/** Whom one may ask for a key who can't make one. */
async function keyMakers(): Promise<SendingPlace["keyMakers"]> {
  const { principal } = await viewerOf();
  if (principal?.kind !== "user" || mayRole(principal.role, "administer")) return [];
  return listKeyMakers(getRuntime(), MOST_ASKED);
}

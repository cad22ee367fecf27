import { idempotencyOf, protocolRequestOf, takeEntries } from "@/app/api/ingest-request";
import type { Runtime } from "@/core/runtime";
import type { Address, DoorAnswer, DoorRequest, Sender } from "./address";
import { jsonAnswer } from "./answers";

/**
 * Where platforms drain their logs to. They send again whatever is not answered by a success, so what is rejected for good must be one, and
 * says in its body what it was.
 */
export const DRAINS: readonly Address[] = [
  { method: "POST", path: "/drains/heroku", need: "ingest", answer: takeHeroku },
  { method: "POST", path: "/drains/vercel", need: "ingest", answer: takeVercel },
];

/** A batch that is sent again has the same frame id. */
async function takeHeroku(request: DoorRequest, runtime: Runtime, { principal }: Sender): Promise<DoorAnswer> {
  const frame = request.headers.get("logplex-frame-id");
  const drain = request.headers.get("logplex-drain-token") ?? "";
  const asked = protocolRequestOf(request, principal, { protocol: "logplex" });
  const known = idempotencyOf(request, principal, frame && `logplex ${drain} ${frame}`);
  return jsonAnswer(200, await takeEntries(runtime, { ...asked, ...known }));
}

/** Vercel looks whether an address is its owner's by a header that the drain is told to send, and that must come back. */
async function takeVercel(request: DoorRequest, runtime: Runtime, { principal }: Sender): Promise<DoorAnswer> {
  const verify = request.headers.get("x-vercel-verify");
  const answer = await takeEntries(runtime, protocolRequestOf(request, principal, { protocol: "vercel" }));
  return jsonAnswer(200, answer, verify === null ? {} : { "x-vercel-verify": verify });
}

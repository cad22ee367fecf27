import { mediaTypeOf, protocolRequestOf, takeEntries } from "@/app/api/ingest-request";
import type { Runtime } from "@/core/runtime";
import type { Address, DoorAnswer, DoorRequest, Sender } from "./address";
import { jsonAnswer } from "./answers";
import { rejectionsOf } from "./rejections";

const CLEF_TYPE = "application/vnd.serilog.clef";

const refusal = (status: number, message: string): DoorAnswer => jsonAnswer(status, { Error: message });

async function send(request: DoorRequest, runtime: Runtime, { principal }: Sender): Promise<DoorAnswer> {
  const isClef = mediaTypeOf(request) === CLEF_TYPE || request.parameters.has("clef");
  const asked = protocolRequestOf(request, principal, { protocol: isClef ? "clef" : "seq" });
  const answer = await takeEntries(runtime, asked);
  const told = answer.rejected === 0 ? {} : { Error: rejectionsOf(answer) };
  return jsonAnswer(201, { MinimumLevelAccepted: null, ...told });
}

/**
 * What Serilog and other senders to Seq send to (Seq, "Ingestion with HTTP"). Events that can never be stored are told with success: after
 * anything else Serilog sends all of them again, unless it keeps them in files.
 */
export const SEQ: readonly Address[] = ["/ingest/clef", "/api/events/raw"].map((path) => ({
  method: "POST",
  path,
  need: "ingest",
  keyInUrl: ({ parameters }) => parameters.get("apiKey") || null,
  refusal,
  answer: send,
}));

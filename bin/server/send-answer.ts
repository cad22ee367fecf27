import type http from "node:http";
import { LIMITS } from "@/core/limits";
import { isUnread } from "./request-body";

export type Answer = {
  status: number;
  headers: http.OutgoingHttpHeaders;
  body: string | Buffer;
};

/**
 * Answers a request, also one whose body was not read to its end. The rest would be taken for the next request, so the connection
 * ends then. But what a closed socket has not read is answered by a reset, which takes the answer from a sender that reads only after it has
 * sent everything: so the answer goes out whole, and the response ends when the sender has done, or LIMITS.unreadMs later (what
 * nginx calls a lingering close).
 */
export function sendAnswer(response: http.ServerResponse, { status, headers, body }: Answer): void {
  const { req: request } = response;
  // Another answer was given meanwhile, as time was up.
  if (response.headersSent) return;
  const isLast = isUnread(request);
  if (isLast) response.setHeader("connection", "close");
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
  const content = request.method === "HEAD" || body.length === 0 ? undefined : body;
  if (!isLast || request.destroyed) {
    response.end(content);
    return;
  }
  if (content === undefined) response.flushHeaders();
  else response.write(content);
  readRest(request, () => response.end());
}

/** @param done is called once */
function readRest(request: http.IncomingMessage, done: () => void): void {
  let bytes = 0;
  const end = () => {
    clearTimeout(whole);
    clearTimeout(silence);
    request.off("data", count).off("end", end).off("close", end);
    done();
  };
  const whole = setTimeout(end, LIMITS.unreadMs);
  const silence = setTimeout(end, LIMITS.unreadIdleMs);
  const count = (piece: Buffer) => {
    silence.refresh();
    bytes += piece.length;
    if (bytes > LIMITS.bodyBytes) end();
  };
  request.on("data", count).on("end", end).on("close", end);
  request.on("error", () => undefined);
  request.resume();
}

import type http from "node:http";
import type { Address, DoorRequest } from "@/app/door/address";
import { answer } from "@/app/door/answer";
import type { Runtime } from "@/core/runtime";
import { addressOf, pathOf } from "./address-of";
import type { Handler } from "./handler";

/** Bodies up to so many bytes are waited for whole: one step for the many small requests. */
const SMALL_BODY_BYTES = 64 * 1024;
const PROBE_AFTER_MS = 60_000;

/**
 * Answers what app/door has addresses for without Next.js, whose pipeline costs more than all of ours (design section 8); the
 * rest goes on to `next`.
 */
export const door =
  (runtime: Runtime, next: Handler): Handler =>
  (request, response) => {
    const address = addressOf(request);
    // A sender that is silent for hours may have gone without a word.
    if (address?.isEndless) request.socket.setKeepAlive(true, PROBE_AFTER_MS);
    if (address) void serve(address, request, response, runtime);
    else next(request, response);
  };

async function serve(
  address: Address,
  request: http.IncomingMessage,
  response: http.ServerResponse,
  runtime: Runtime,
): Promise<void> {
  const { status, headers = {}, body = "", cookies = [] } = await answer(address, asDoorRequest(request), runtime);
  if (cookies.length > 0) response.setHeader("set-cookie", cookies);
  // The rest of a body that nobody reads any more would be taken for the next request.
  const isRead = request.readableEnded || !hasBody(request);
  if (!isRead) response.setHeader("connection", "close");
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
  response.end(request.method === "HEAD" ? undefined : body);
}

function asDoorRequest(request: http.IncomingMessage): DoorRequest {
  const { method = "", url = "", headers } = request;
  const path = pathOf(request);
  return {
    method,
    path,
    parameters: new URLSearchParams(url.slice(path.length)),
    headers: { get: (name) => headerOf(headers[name]), keys: () => Object.keys(headers) },
    body: hasBody(request) ? bodyOf(request) : null,
  };
}

const headerOf = (value: string | string[] | undefined): string | null =>
  typeof value === "string" ? value : (value?.join(", ") ?? null);

export const hasBody = ({ headers }: http.IncomingMessage): boolean =>
  headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;

function bodyOf(request: http.IncomingMessage): AsyncIterable<Uint8Array> {
  return Number(request.headers["content-length"] ?? Number.POSITIVE_INFINITY) <= SMALL_BODY_BYTES
    ? whole(request)
    : request;
}

/** @throws Error when the sender goes away before the end */
async function* whole(request: http.IncomingMessage): AsyncGenerator<Buffer> {
  yield await new Promise<Buffer>((resolve, reject) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => resolve(pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces)));
    request.on("error", reject);
    request.on("close", () => reject(new Error("the connection was closed")));
  });
}

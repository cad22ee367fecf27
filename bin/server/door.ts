import type http from "node:http";
import type { Address, DoorRequest } from "@/app/door/address";
import { answer } from "@/app/door/answer";
import type { Runtime } from "@/core/runtime";
import { addressOf, pathOf } from "./address-of";
import type { Handler } from "./handler";
import { bodyOf, hasBody } from "./request-body";
import { sendAnswer } from "./send-answer";

const PROBE_AFTER_MS = 60_000;

/**
 * Answers what app/door has addresses for without Next.js, whose pipeline costs more than all of ours (ADR 4); the rest
 * goes on to `next`.
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
  if (cookies.length > 0 && !response.headersSent) response.setHeader("set-cookie", cookies);
  sendAnswer(response, { status, headers, body });
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

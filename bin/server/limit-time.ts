import type http from "node:http";
import { LIMITS } from "@/core/limits";
import { addressOf } from "./address-of";
import type { Handler } from "./handler";
import { endBody, hasBody } from "./request-body";

const TIMED_OUT = "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n";

/**
 * Ends requests whose body has not arrived after so long, save those of addresses whose bodies are endless: Node.js can only have one
 * time for all. Whoever reads it answers while its sender still sends; a silent one, and what nobody of ours reads, is answered here.
 */
export const limitTime =
  (handle: Handler, milliseconds: number): Handler =>
  (request, response) => {
    const address = addressOf(request);
    if (hasBody(request) && !address?.isEndless) {
      let timer = setTimeout(() => {
        endBody(request);
        if (!address) end(request, response);
        else
          timer = setTimeout(() => {
            if (!response.headersSent) end(request, response);
          }, LIMITS.unreadIdleMs);
      }, milliseconds);
      response.once("close", () => clearTimeout(timer));
    }
    handle(request, response);
  };

function end(request: http.IncomingMessage, response: http.ServerResponse): void {
  if (request.complete) return;
  if (!response.headersSent) request.socket.write(TIMED_OUT);
  request.destroy();
}

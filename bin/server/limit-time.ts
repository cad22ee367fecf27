import { addressOf } from "./address-of";
import { hasBody } from "./door";
import type { Handler } from "./handler";

const TIMED_OUT = "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n";

/**
 * Ends requests whose body has not arrived after so long, save those of addresses whose bodies are endless: Node.js can only have one
 * time for all.
 */
export const limitTime =
  (handle: Handler, milliseconds: number): Handler =>
  (request, response) => {
    if (hasBody(request) && !addressOf(request)?.isEndless) {
      const timer = setTimeout(() => {
        if (request.complete) return;
        if (!response.headersSent) request.socket.write(TIMED_OUT);
        request.destroy();
      }, milliseconds);
      response.once("close", () => clearTimeout(timer));
    }
    handle(request, response);
  };

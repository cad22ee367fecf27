import type http from "node:http";
import { Fault } from "@/core/errors";

/** Bodies up to so many bytes are waited for whole: one step for the many small requests. */
const SMALL_BODY_BYTES = 64 * 1024;

/** Those of whose bodies no more is taken. */
const overdue = new WeakSet<http.IncomingMessage>();

export const hasBody = ({ headers }: http.IncomingMessage): boolean =>
  headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;

/** Whether there is more of a body on its way than was read. */
export const isUnread = (request: http.IncomingMessage): boolean => !request.readableEnded && hasBody(request);

/** Whoever reads the body is told by its next piece that it took too long. */
export const endBody = (request: http.IncomingMessage): void => void overdue.add(request);

/**
 * A body, whose request stays when it is not read to its end, so that it can be answered.
 * @throws Fault timed_out after endBody; Error when the sender goes away before the end
 */
export function bodyOf(request: http.IncomingMessage): AsyncIterable<Uint8Array> {
  return Number(request.headers["content-length"] ?? Number.POSITIVE_INFINITY) <= SMALL_BODY_BYTES
    ? whole(request)
    : pieces(request);
}

async function* pieces(request: http.IncomingMessage): AsyncGenerator<Buffer> {
  for await (const piece of request.iterator({ destroyOnReturn: false })) {
    if (overdue.has(request)) throw tooLate();
    yield piece;
  }
}

async function* whole(request: http.IncomingMessage): AsyncGenerator<Buffer> {
  yield await new Promise<Buffer>((resolve, reject) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => {
      if (overdue.has(request)) reject(tooLate());
      pieces.push(piece);
    });
    request.on("end", () => resolve(pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces)));
    request.on("error", reject);
    request.on("close", () => {
      // After the end it comes too, for each request: an error, with its stack, costs more there than the body.
      if (!request.readableEnded) reject(new Error("the connection was closed"));
    });
  });
}

const tooLate = () => new Fault("timed_out", "the body did not arrive in time");

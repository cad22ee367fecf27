import type { z } from "zod";
import { type FaultKind, invalid, isFault, tooLarge } from "@/core/errors";
import { readBody } from "@/core/ingest/decode/read-body";
import { asFault } from "@/core/ingest/write";
import { LIMITS } from "@/core/limits";
import { decodePosition, type Position } from "@/core/realtime/position";
import type { Watcher } from "@/core/realtime/watcher";
import { getRuntime, type Runtime } from "@/core/runtime";

const STATUS: Readonly<Record<FaultKind, number>> = {
  invalid: 400,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  unsupported: 415,
  timed_out: 408,
  too_busy: 429,
  unavailable: 503,
};

/** What a handler answers: `data` in the envelope of design section 6. */
export type Answer = { data: unknown; status?: number; message?: string };

type Handler<Answered, Params> = (request: Request, runtime: Runtime, params: Params) => Promise<Answered>;

/** Of Next.js: the parts of the path that a folder's name leaves open. */
type PathContext<Params> = { params: Promise<Params> };

/**
 * The one wrapper of handlers, and the only place where errors become status codes. What is not a Fault is our own mistake:
 * logged whole, told as 500 without any detail.
 */
function route<Answered, Params>(
  handler: Handler<Answered, Params>,
  respond: (answered: Answered, request: Request, runtime: Runtime) => Response | Promise<Response>,
) {
  return async (request: Request, { params }: PathContext<Params>): Promise<Response> => {
    const runtime = getRuntime();
    try {
      return await respond(await handler(request, runtime, await params), request, runtime);
    } catch (error) {
      return failure(request, runtime, asFault(error));
    }
  };
}

/** Wraps every handler under /api/logs that answers with data: puts the envelope around it. */
export const apiRoute = <Params = unknown>(handler: Handler<Answer, Params>) =>
  route(handler, ({ data, status = 200, message }) =>
    Response.json({ success: true, data, message }, { status, headers: NO_STORE }),
  );

type Streamed = { pieces: AsyncGenerator<string>; headers: Record<string, string> };

/**
 * Like apiRoute, for an answer that is sent in pieces as the client takes them. What is wrong with the request is told as
 * everywhere; a failure after the first piece breaks the connection off, so that nobody takes a part for the whole.
 */
export const streamRoute = <Params = unknown>(handler: Handler<Streamed, Params>) =>
  route(handler, async ({ pieces, headers }, { signal }, { logger }) => {
    const first = await pieces.next();
    const encoder = new TextEncoder();
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        if (!first.done && first.value !== "") controller.enqueue(encoder.encode(first.value));
      },
      async pull(controller) {
        try {
          const { done, value } = await pieces.next();
          if (done) controller.close();
          else controller.enqueue(encoder.encode(value));
        } catch (error) {
          if (!signal.aborted) logger.error({ error }, "a streamed answer broke off");
          controller.error(error);
        }
      },
      async cancel() {
        await pieces.return(undefined);
      },
    });
    return new Response(body, { headers: { ...NO_STORE, ...headers } });
  });

/** Hands a watcher over to core; gives what ends it. */
type Watch = (watcher: Watcher) => () => void;

/** For answers that are kept up to date: Server-Sent Events (WHATWG HTML, 9.2), until the client or the server ends them. */
export const eventRoute = <Params = unknown>(handler: Handler<Watch, Params>) =>
  route(handler, (watch, { signal, method }) => {
    // Nobody would read the body, nor say when it is over.
    if (method === "HEAD") return new Response(null, { headers: EVENT_HEADERS });
    let leave = () => {};
    let taker: ReadableStreamDefaultController<Uint8Array> | undefined;
    const end = () => {
      leave();
      if (taker) closeQuietly(taker);
      taker = undefined;
    };
    const body = new ReadableStream<Uint8Array>(
      {
        start(controller) {
          taker = controller;
        },
        cancel: end,
      },
      new ByteLengthQueuingStrategy({ highWaterMark: LIMITS.watcherBytes }),
    );
    leave = watch({
      write: (bytes) => taker?.enqueue(bytes),
      isFull: () => (taker?.desiredSize ?? 0) <= 0,
      close: end,
    });
    if (signal.aborted) end();
    else signal.addEventListener("abort", end);
    return new Response(body, { headers: EVENT_HEADERS });
  });

/** A client that is gone has closed it already. */
function closeQuietly(controller: ReadableStreamDefaultController): void {
  try {
    controller.close();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}

/** Where a client left off: of Last-Event-ID, or of the parameter that a page uses when it connects anew by itself. */
export const positionOf = (request: Request, lastEventId: string | undefined): Position | null =>
  decodePosition(request.headers.get("last-event-id") ?? lastEventId ?? null);

/** Proxies must neither change nor hold back what is sent. */
const EVENT_HEADERS = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store, no-transform",
  "x-accel-buffering": "no",
};

const NO_STORE = { "cache-control": "no-store" };

function failure(request: Request, { logger }: Runtime, error: unknown): Response {
  if (!isFault(error)) {
    logger.error({ error, path: new URL(request.url).pathname }, "a request failed");
    return Response.json({ success: false, error: "an error of the server; its log says more" }, { status: 500 });
  }
  const headers = new Headers(NO_STORE);
  const again = error.kind === "too_busy" || error.kind === "unavailable";
  if (again) headers.set("retry-after", String(error.retryAfterSeconds));
  // The rest of the body is not read, so nothing can follow on this connection.
  if (error.kind === "too_large") headers.set("connection", "close");
  const body = { success: false, error: error.message, data: error.data };
  return Response.json(body, { status: STATUS[error.kind], headers });
}

/**
 * The parameters of the query string, checked. Each may stand once.
 * @throws Fault invalid with the parameter's name and what is wrong with it
 */
export function parseQuery<Schema extends z.ZodType>(request: Request, schema: Schema): z.infer<Schema> {
  const parameters: Record<string, string> = {};
  for (const [name, value] of new URL(request.url).searchParams) {
    if (Object.hasOwn(parameters, name)) throw invalid(`the parameter ${name} stands more than once`);
    parameters[name] = value;
  }
  const parsed = schema.safeParse(parameters);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const name = issue?.path.join(".") ?? "";
  const message = issue?.message ?? "the query string is not valid";
  throw invalid(name === "" || message.startsWith(name) ? message : `${name} ${message}`);
}

/**
 * The JSON body of a request, checked.
 * @throws Fault invalid with the field's name and what is wrong with it; `data.fields` has one problem for each wrong field
 */
export async function parseBody<Schema extends z.ZodType>(request: Request, schema: Schema): Promise<z.output<Schema>> {
  const parsed = schema.safeParse(await readJson(request));
  if (parsed.success) return parsed.data;
  const fields: Record<string, string> = {};
  for (const { path, message } of parsed.error.issues) fields[path.join(".")] ??= message;
  const [name = "", message = ""] = Object.entries(fields)[0] ?? [];
  throw invalid(name === "" ? "the body must be a JSON object" : `${name} ${message}`, { fields });
}

async function readJson(request: Request): Promise<unknown> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of readBody(request.body, [])) {
    bytes += chunk.length;
    if (bytes > LIMITS.formBytes) throw tooLarge(`the body is larger than ${LIMITS.formBytes} bytes`);
    pieces.push(chunk);
  }
  if (bytes === 0) return {};
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(pieces)));
    return value;
  } catch {
    throw invalid("the body is not JSON");
  }
}

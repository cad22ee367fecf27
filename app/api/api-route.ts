import type { z } from "zod";
import { admit } from "@/app/admit";
import type { Audit } from "@/core/access/audit/actions";
import { recordAudit } from "@/core/access/audit/record-audit";
import type { Need } from "@/core/access/needs";
import type { Principal } from "@/core/access/principal";
import { stringifyJson } from "@/core/json-text";
import { LIMITS } from "@/core/limits";
import type { Paged } from "@/core/page";
import type { Carry } from "@/core/realtime/watcher";
import { getRuntime, type Runtime } from "@/core/runtime";
import { failureOf } from "./failure";
import { parseBody, parseSearchParams } from "./parse-request";

/**
 * What a route needs, takes and gives. Its handler gets what was checked; bin/docs makes the description of the API (docs/openapi.json) from it.
 * Without `query` parameters are not looked at, and without `body` none is read.
 */
export type Declaration<
  Path extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
> = {
  need: Need;
  /** What it does, in a sentence. */
  summary: string;
  /** It takes passwords or tokens of links, of which an address has only so many tries: they are counted before anything is read. */
  guesses?: true;
  /** The parts of the path that a folder's name leaves open. */
  path?: Path;
  query?: Query;
  body?: Body;
  /** Of the body; absent: LIMITS.formBytes. */
  mostBytes?: number;
  /** Of `data` in the envelope; absent for what is not JSON. */
  answer?: z.ZodType;
  /** `data` is a page of a list: beside it stands how much all pages have. */
  isPaged?: true;
};

/** What a handler answers: `data` in the envelope of every answer (README.md, API). */
type Answer = {
  data: unknown;
  /** Of a list of which `data` is a page. */
  total?: number;
  status?: number;
  message?: string;
  /** Set-Cookie headers. */
  cookies?: readonly string[];
  /** What is changed is written down within its transaction, by `audited`. */
  audit?: never;
};

type Sender = {
  /** Null: nobody that is known, for routes that need nothing. */
  principal: Principal | null;
  /** Of the client, through trusted proxies. */
  address: string;
};

/** Who asks, and for what. */
type Asked<Path = unknown, Query = unknown, Body = unknown> = Sender & { path: Path; query: Query; body: Body };

type Handler<Answered, Path extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType> = (
  request: Request,
  runtime: Runtime,
  asked: Asked<z.output<Path>, z.output<Query>, z.output<Body>>,
) => Promise<Answered>;

type PathContext = { params: Promise<unknown> };

type Answering<Answered> = (
  request: Request,
  context: PathContext,
  runtime: Runtime,
  sender: Sender,
) => Promise<Answered>;

/** A handler that is given what its declaration checks. Two signatures, since what is not declared is not there: its type is unknown. */
function checking<Answered, Path extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType>(
  declaration: Declaration<Path, Query, Body>,
  handler: Handler<Answered, Path, Query, Body>,
): Answering<Answered>;
function checking<Answered>(
  { path, query, body, mostBytes }: Declaration,
  handler: (request: Request, runtime: Runtime, asked: Asked) => Promise<Answered>,
): Answering<Answered> {
  return async (request, { params }, runtime, sender) =>
    handler(request, runtime, {
      ...sender,
      path: path?.parse(await params),
      query: query && parseSearchParams(request, query),
      body: body && (await parseBody(request, body, mostBytes)),
    });
}

/** A handler as Next.js takes it, with its declaration: a test asks every route of the build for its need. */
export type Route = ((request: Request, context: PathContext) => Promise<Response>) & Declaration;

/** The one wrapper of handlers of Next.js: where access is asked for, and what goes wrong is told. */
function route<Answered>(
  declaration: Declaration,
  answer: Answering<Answered>,
  respond: (answered: Answered, request: Request, runtime: Runtime, sender: Sender) => Response | Promise<Response>,
): Route {
  const handle = async (request: Request, context: PathContext): Promise<Response> => {
    const runtime = getRuntime();
    try {
      const { cookies, ...sender } = await admit(runtime.access, request.headers, declaration.need);
      if (declaration.guesses) await runtime.access.limits.takeSignIn(sender.address);
      const response = await respond(await answer(request, context, runtime, sender), request, runtime, sender);
      for (const cookie of cookies) response.headers.append("set-cookie", cookie);
      return response;
    } catch (error) {
      return failure(request, runtime, error);
    }
  };
  return Object.assign(handle, declaration);
}

/** Wraps every handler under /api that answers with data: puts the envelope around it. */
export const apiRoute = <Path extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType>(
  declaration: Declaration<Path, Query, Body>,
  handler: Handler<Answer, Path, Query, Body>,
) => route(declaration, checking(declaration, handler), envelopeOf);

/** For a page of a list. */
export const listRoute = <Path extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType>(
  declaration: Declaration<Path, Query, Body>,
  handler: Handler<Paged<unknown>, Path, Query, Body>,
) => route({ ...declaration, isPaged: true }, checking(declaration, handler), envelopeOf);

/** For answers that are data of ours in one form and something else in another: its handler makes the envelope itself. */
export const envelopeOf = ({ data, total, status = 200, message, cookies = [] }: Answer): Response => {
  const headers = new Headers({ ...NO_STORE, "content-type": "application/json" });
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return new Response(stringifyJson({ success: true, data, total, message }), { status, headers });
};

/** For data that is JSON text already, as it is shared by many. */
export const jsonRoute = <Path extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType>(
  declaration: Declaration<Path, Query, Body>,
  handler: Handler<string, Path, Query, Body>,
) =>
  route(declaration, checking(declaration, handler), (text) => {
    const headers = { ...NO_STORE, "content-type": "application/json" };
    return new Response(`{"success":true,"data":${text}}`, { headers });
  });

/** For answers that are no data of ours: of other protocols, and redirects. */
export const plainRoute = <Path extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType>(
  declaration: Declaration<Path, Query, Body>,
  handler: Handler<Response, Path, Query, Body>,
) => route(declaration, checking(declaration, handler), (response) => response);

type Streamed = { pieces: AsyncGenerator<string>; headers: Record<string, string>; audit?: Audit };

/**
 * Like apiRoute, for an answer that is sent in pieces as the client takes them. What is wrong with the request is told as
 * everywhere; a failure after the first piece breaks the connection off, so that nobody takes a part for the whole.
 */
export const streamRoute = <Path extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType>(
  declaration: Declaration<Path, Query, Body>,
  handler: Handler<Streamed, Path, Query, Body>,
) =>
  route(
    declaration,
    checking(declaration, handler),
    async ({ pieces, headers, audit }, { method, signal }, runtime, { principal, address }) => {
      // Nobody would read the pieces, for which a place, a connection and a snapshot are held until somebody does.
      if (method === "HEAD") return new Response(null, { headers: { ...NO_STORE, ...headers } });
      const { logger } = runtime;
      // Before the first piece, as what is read can't be taken back.
      if (audit) await recordAudit(runtime, principal, address, audit);
      const first = await pieces.next();
      // Who left meanwhile takes nothing and ends nothing.
      const leave = () => void pieces.return(undefined);
      if (signal.aborted) leave();
      else signal.addEventListener("abort", leave, { once: true });
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
    },
  );

/**
 * For answers that are kept up to date: Server-Sent Events (WHATWG HTML, 9.2), until the client or the server ends them, or
 * the session or key that they were opened with does.
 */
export const eventRoute = <Path extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType>(
  declaration: Declaration<Path, Query, Body> & { need: Exclude<Need, "nothing" | "always"> },
  handler: Handler<Carry, Path, Query, Body>,
) =>
  route(declaration, checking(declaration, handler), (watch, { signal, method }, { access }, { principal }) => {
    // Nobody would read the body, nor say when it is over.
    if (method === "HEAD") return new Response(null, { headers: EVENT_HEADERS });
    let leave = () => {};
    let forget = () => {};
    let taker: ReadableStreamDefaultController<Uint8Array> | undefined;
    const end = () => {
      leave();
      forget();
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
    const waitingBytes = () => LIMITS.watcherBytes - (taker?.desiredSize ?? 0);
    leave = watch({
      write: (bytes) => taker?.enqueue(bytes),
      waitingBytes,
      isFull: () => waitingBytes() >= LIMITS.watcherBytes,
      close: end,
    });
    // It may have ended already.
    if (principal && taker) forget = access.streams.add(principal, end);
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

/** Proxies must neither change nor hold back what is sent. */
const EVENT_HEADERS = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store, no-transform",
  "x-accel-buffering": "no",
};

const NO_STORE = { "cache-control": "no-store" };

/** Of a client that left before it was answered, as in nginx. */
const CLIENT_LEFT = 499;

function failure(request: Request, { logger }: Runtime, error: unknown): Response {
  // What its leaving ended is no failure of ours, and nobody reads the answer.
  if (request.signal.aborted) return new Response(null, { status: CLIENT_LEFT, headers: NO_STORE });
  const { status, headers, body } = failureOf(error, logger, new URL(request.url).pathname);
  return Response.json(body, { status, headers });
}

import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { gzip as gzipCallback } from "node:zlib";
import { z } from "zod";
import { reasonOf } from "@/core/errors";
import { type IngestAnswer, ingestAnswerSchema } from "@/core/ingest/idempotency";

const gzip = promisify(gzipCallback);

/** Where to, and as what. */
export type Receiver = {
  /** Of a running Cordwood. */
  url: string;
  key?: string;
  /** Parameters of POST /api/logs for everything that is sent. */
  parameters: Readonly<Record<string, string | undefined>>;
  /** Whether to wait for a server that is not there, however long. */
  isPatient: boolean;
  /** Tells people what is going on. */
  say(what: string): void;
  /** Aborted when there is to be no more trying. */
  signal: AbortSignal;
};

/** It was not sent, and sending it again would not help. */
export class NotSent extends Error {}

/** The server refuses it as a whole, whatever else it takes. */
export class Refused extends NotSent {}

/** The user ended the sending. */
export class Stopped extends Error {}

const SUCCESS = 201;
/** What a server or a proxy before it says of itself, and may not say a moment later. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);
const ANSWER_MS = 120_000;
/** Less than systemd and containers wait before they kill. */
const STOP_MS = 8_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** What a server says of what it was sent: it is wrong, too large, or of no form that it knows. */
const REFUSING = new Set([400, 413, 415]);
/** How long one who doesn't follow goes on trying. */
const PATIENCE_MS = 10 * 60_000;

const envelopeSchema = z.object({
  data: ingestAnswerSchema.partial().optional().catch(undefined),
  error: z.string().optional(),
});

type Outcome = { answer: IngestAnswer } | { retry: string; waitMs: number | null };

/** Sends batches to a server one after the other; what did not arrive is sent again under the same Idempotency-Key. */
export class Deliverer {
  private hasAnswered = false;
  /** Aborted when a stop has waited for an answer long enough. */
  private readonly stopped = new AbortController();

  constructor(private readonly receiver: Receiver) {
    const end = () => void setTimeout(() => this.stopped.abort(), STOP_MS).unref();
    receiver.signal.addEventListener("abort", end, { once: true });
  }

  /**
   * @param service of lines that name none
   * @throws Refused when the server refuses it; NotSent when it lets nothing in, or isn't there; Stopped
   */
  async deliver(batch: Buffer, idempotencyKey: string, service: string | undefined): Promise<IngestAnswer> {
    const { isPatient, say, signal } = this.receiver;
    const body = await gzip(batch);
    const giveUpMs = performance.now() + PATIENCE_MS;
    for (let tries = 0; ; tries++) {
      const outcome = await this.attempt(body, idempotencyKey, service);
      // What was under way is sent again under its key by the next run.
      if (signal.aborted && !("answer" in outcome)) throw new Stopped();
      if ("answer" in outcome) {
        if (tries > 1) say("it goes on");
        return outcome.answer;
      }
      if (!isPatient && !this.hasAnswered)
        throw new NotSent(
          `Cordwood does not answer at ${this.receiver.url} (${outcome.retry}): start it with \`npm start\`, or name another one by --url.`,
        );
      if (!isPatient && performance.now() > giveUpMs)
        throw new NotSent(`${outcome.retry}; given up after ${PATIENCE_MS / 60_000} minutes`);
      // A hiccup is not worth a word.
      if (tries === 1) say(`${outcome.retry}; trying again until it is taken`);
      const waitMs = outcome.waitMs ?? Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries);
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) throw new Stopped();
    }
  }

  private async attempt(body: Buffer, idempotencyKey: string, service: string | undefined): Promise<Outcome> {
    const { url, key, parameters } = this.receiver;
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries({ service, ...parameters })) if (value) query.set(name, value);
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${url.replace(/\/+$/, "")}/api/logs?${query}`, {
        method: "POST",
        headers: {
          "content-type": "text/plain",
          "content-encoding": "gzip",
          "idempotency-key": idempotencyKey,
          ...(key !== undefined && { authorization: `Bearer ${key}` }),
        },
        body: new Uint8Array(body),
        redirect: "manual",
        signal: AbortSignal.any([this.stopped.signal, AbortSignal.timeout(ANSWER_MS)]),
      });
      text = await response.text();
    } catch (error) {
      return {
        retry: `no answer: ${reasonOf(error instanceof Error && error.cause ? error.cause : error)}`,
        waitMs: null,
      };
    }
    return this.outcomeOf(response, text);
  }

  private outcomeOf({ status, headers }: Response, text: string): Outcome {
    const { data, error } = envelopeOf(text);
    if (PASSING.has(status)) {
      this.hasAnswered ||= error !== undefined;
      const waitMs = Number(headers.get("retry-after") ?? Number.NaN) * 1_000;
      const isGiven = waitMs >= 0;
      return {
        retry: `the server answers ${status}${error ? `: ${error}` : ""}`,
        waitMs: isGiven ? Math.min(waitMs, LONGEST_WAIT_MS) : null,
      };
    }
    const { accepted = 0, rejected = 0, errors = [] } = data ?? {};
    // When every entry is refused the answer is 400; the lines behind them may be good.
    if (status === SUCCESS || rejected > 0) {
      this.hasAnswered = true;
      return { answer: { accepted, rejected, errors } };
    }
    const location = headers.get("location");
    if (location !== null) throw new NotSent(`${this.receiver.url} leads to ${location}: name that one by --url.`);
    if (status === 401)
      throw new NotSent(
        `${error ?? "the server asks for a key"}: name a key with the scope ingest by --key or CORDWOOD_API_KEY.`,
      );
    const reason = error ?? `${this.receiver.url} answers ${status}: ${text.trim().slice(0, 200)}`;
    throw REFUSING.has(status) ? new Refused(reason) : new NotSent(reason);
  }
}

function envelopeOf(text: string): z.infer<typeof envelopeSchema> {
  try {
    return envelopeSchema.parse(JSON.parse(text));
  } catch {
    return {};
  }
}

import { protocolRequestOf, takeEntries } from "@/app/api/ingest-request";
import { notFound } from "@/core/errors";
import type { EntryItem } from "@/core/ingest/decode/decoder";
import type { Runtime } from "@/core/runtime";
import type { Address, DoorAnswer, DoorRequest, Sender } from "./address";
import { jsonAnswer } from "./answers";

const ROOT = "/elasticsearch";
/** Without which Elastic's clients take a server for another product. */
const PRODUCT = { "x-elastic-product": "Elasticsearch" };
/** As which Cordwood introduces itself: clients of version 8 and 9 send to it. */
const VERSION = "8.17.0";

const json = (status: number, body: unknown): DoorAnswer => jsonAnswer(status, body, PRODUCT);

const refusal = (status: number, message: string): DoorAnswer => {
  const type = status === 401 || status === 403 ? "security_exception" : "illegal_argument_exception";
  return json(status, { error: { type, reason: message }, status });
};

/** What clients ask before they send, by the last parts of the path. */
const ANSWERS: readonly [path: RegExp, answer: unknown][] = [
  [
    /^\/?$/,
    {
      name: "cordwood",
      cluster_name: "cordwood",
      cluster_uuid: "cordwood",
      version: versionOf(),
      tagline: "You Know, for Search",
    },
  ],
  [/^\/_license$/, { license: { status: "active", uid: "cordwood", type: "basic", mode: "basic" } }],
  [
    /^\/_xpack$/,
    { features: { ilm: { available: true, enabled: true } }, license: { type: "basic", status: "active" } },
  ],
  [/^\/_cluster\/health/, { cluster_name: "cordwood", status: "green", timed_out: false }],
  [/^\/_(index_template|component_template|template|ilm\/policy|ingest\/pipeline|data_stream)(\/|$)/, {}],
];

function versionOf() {
  return {
    number: VERSION,
    build_flavor: "default",
    minimum_wire_compatibility_version: "7.17.0",
    minimum_index_compatibility_version: "7.0.0",
  };
}

/**
 * What Elasticsearch's clients send to: the bulk, single documents, and what they ask before. Templates and policies are taken and
 * not kept, for there is nothing to set up here.
 */
export const ELASTICSEARCH: readonly Address[] = [
  { method: "GET", path: ROOT, need: "ingest", refusal, answer: async (request) => told(request) },
  { method: "GET", path: `${ROOT}/*`, need: "ingest", refusal, answer: async (request) => told(request) },
  { method: "POST", path: `${ROOT}/*`, need: "ingest", refusal, answer: send },
  { method: "PUT", path: `${ROOT}/*`, need: "ingest", refusal, answer: send },
];

function told({ path }: DoorRequest): DoorAnswer {
  const asked = path.slice(ROOT.length);
  const [, answer] = ANSWERS.find(([pattern]) => pattern.test(asked)) ?? [];
  // An index or a data stream that a client asks for by its name is there as soon as something is sent to it.
  if (answer === undefined && asked.startsWith("/_")) throw notFound(`${asked.slice(0, 100)} is not known here`);
  return json(200, answer ?? {});
}

const BULK = /^(?:\/([^/]+))?\/_bulk$/;
/** `events` is the type that rsyslog's omelasticsearch sends to when it is told none. */
const DOCUMENT = /^\/([^/]+)\/(?:_(doc|create)|events)(?:\/([^/]+))?$/;

async function send(request: DoorRequest, runtime: Runtime, sender: Sender): Promise<DoorAnswer> {
  const asked = request.path.slice(ROOT.length);
  const bulk = BULK.exec(asked);
  if (bulk) return sendBulk(request, runtime, sender, nameOf(bulk[1]));
  const document = DOCUMENT.exec(asked);
  if (document) {
    const [, index, verb, id] = document;
    const isIndexed = verb !== "create" && request.parameters.get("op_type") !== "create";
    const item = { action: isIndexed ? "index" : "create", index: nameOf(index), id: nameOf(id) || null };
    return sendDocument(request, runtime, sender, item);
  }
  if (request.method === "PUT" || asked.endsWith("/_refresh")) return json(200, { acknowledged: true });
  throw notFound(`${asked.slice(0, 100)} is not known here: entries are sent to ${ROOT}/_bulk`);
}

const nameOf = (part: string | undefined): string => {
  try {
    return decodeURIComponent(part ?? "");
  } catch {
    return part ?? "";
  }
};

async function sendBulk(
  request: DoorRequest,
  runtime: Runtime,
  { principal }: Sender,
  index: string,
): Promise<DoorAnswer> {
  const started = performance.now();
  const items: EntryItem[] = [];
  const itemsFound = (found: readonly EntryItem[]) => {
    for (const item of found) items.push(item);
  };
  const asked = protocolRequestOf(request, principal, { protocol: "elasticsearch_bulk", index });
  const entryNameOf = (place: number) => documentName(items[place]);
  const answer = await takeEntries(runtime, { ...asked, entryNameOf, itemsFound });
  const reasons = new Map(answer.errors.map((error) => [error.index, error.error]));
  const repeated = new Set(answer.repeated);
  const took = Math.round(performance.now() - started);
  let errors = false;
  const created = new CreatedText();
  const results = items.map((item, place) => {
    const reason = reasons.get(place);
    if (reason === undefined && !repeated.has(place)) return created.of(item, place);
    const result = resultOf(item, place, reason, repeated.has(place));
    errors ||= result.status >= 400;
    return JSON.stringify({ [item.action]: result });
  });
  const body = `{"took":${took},"errors":${errors},"items":[${results.join(",")}]}`;
  return { status: 200, headers: { "content-type": "application/json", ...PRODUCT }, body };
}

/** The JSON text of an action that was done: nearly all are, and making objects of thousands takes longer than reading their documents. */
class CreatedText {
  private last: EntryItem | null = null;
  private beginning = "";

  of(item: EntryItem, place: number): string {
    const { action, index, id } = item;
    if (this.last?.action !== action || this.last.index !== index)
      this.beginning = `{${JSON.stringify(action)}:{"_index":${JSON.stringify(index)},"_id":`;
    this.last = item;
    const named = id === null ? `"${place}"` : JSON.stringify(id);
    return `${this.beginning}${named},"_version":1,"result":"created","status":201}}`;
  }
}

/** Documents with an id of the sender's are stored once. Those of other indices may have the same. */
const documentName = (item: EntryItem | undefined): string | null =>
  item?.id ? `elasticsearch ${JSON.stringify([item.index, item.id])}` : null;

/**
 * Of one action, in Elasticsearch's form. A document that is rejected would be so again: 400 is not retried. One whose id was stored before
 * conflicts when it was to be created, and else is told to be updated: entries never change, so it is the one that came first.
 */
function resultOf({ action, index, id }: EntryItem, place: number, reason: string | undefined, isRepeated: boolean) {
  const of = { _index: index, _id: id ?? String(place) };
  if (reason !== undefined) return { ...of, status: 400, error: { type: "document_parsing_exception", reason } };
  if (!isRepeated) return { ...of, _version: 1, result: "created", status: 201 };
  if (action === "index") return { ...of, _version: 1, result: "updated", status: 200 };
  const conflict = `[${id}]: version conflict, document already exists (current version [1])`;
  return { ...of, status: 409, error: { type: "version_conflict_engine_exception", reason: conflict } };
}

/**
 * Of a single document, with its status. Elasticsearch says the status in the body only of a failure; omelasticsearch takes any that it finds there
 * for one.
 */
export function documentAnswer({ status, ...result }: ReturnType<typeof resultOf>): [status: number, body: object] {
  return [status, status >= 400 ? { ...result, status } : result];
}

async function sendDocument(
  request: DoorRequest,
  runtime: Runtime,
  { principal }: Sender,
  item: EntryItem,
): Promise<DoorAnswer> {
  const asked = protocolRequestOf(request, principal, { protocol: "elasticsearch_document", index: item.index });
  const { errors, repeated } = await takeEntries(runtime, { ...asked, entryNameOf: () => documentName(item) });
  return json(...documentAnswer(resultOf(item, 0, errors[0]?.error, repeated !== undefined)));
}

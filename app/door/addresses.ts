import type { Address } from "./address";
import { DATADOG } from "./datadog";
import { DRAINS } from "./drains";
import { ELASTICSEARCH } from "./elasticsearch";
import { ENTRIES } from "./entries";
import { GELF } from "./gelf";
import { JOURNAL } from "./journal";
import { LOKI } from "./loki";
import { OTLP } from "./otlp";
import { PROBES } from "./probes";
import { SEQ } from "./seq";
import { SPLUNK } from "./splunk";

/** Everything that is answered before Next.js: what senders of entries and watchers of the process ask, a family a file. */
export const ADDRESSES: readonly Address[] = [
  ...ENTRIES,
  ...LOKI,
  ...ELASTICSEARCH,
  ...OTLP,
  ...SPLUNK,
  ...DATADOG,
  ...GELF,
  ...SEQ,
  ...JOURNAL,
  ...DRAINS,
  ...PROBES,
];

const EXACT = new Map(ADDRESSES.map((address) => [`${address.method} ${address.path}`, address]));
const OPEN_ENDED = ADDRESSES.filter(({ path }) => path.endsWith("*")).map((address) => ({
  address,
  beginning: address.path.slice(0, -1),
}));

/** What answers a request, null for what Next.js answers. HEAD is asked of what answers GET (RFC 9110, 9.3.2). */
export function findAddress(method: string, path: string): Address | null {
  const asked = method === "HEAD" ? "GET" : method;
  const exact = EXACT.get(`${asked} ${path}`);
  if (exact) return exact;
  return (
    OPEN_ENDED.find(({ address, beginning }) => address.method === asked && path.startsWith(beginning))?.address ?? null
  );
}

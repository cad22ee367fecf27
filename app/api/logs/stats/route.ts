import { z } from "zod";
import { envelopeOf, plainRoute } from "@/app/api/api-route";
import { searchOf, searchParameters } from "@/app/api/search-request";
import { requirePipe } from "@/core/analytics/find-pipe";
import { getStats } from "@/core/analytics/get-stats";
import { parsePipes } from "@/core/analytics/parse-pipes";
import { statsAnswerSchema } from "@/core/analytics/schemas";
import { STATS_FORMATS, statsCsv, toldOfCsv } from "@/core/analytics/stats-formats";
import { ceilTo, floorTo, MINUTE_MS } from "@/core/clock";
import { oneOf } from "@/core/one-of";
import { allKeptFrom } from "@/core/retention/all-kept-from";
import type { Runtime } from "@/core/runtime";
import { timeZoneField } from "@/core/time-fields";

const querySchema = z.strictObject({
  ...searchParameters,
  zone: timeZoneField.optional(),
  format: oneOf(STATS_FORMATS).default("json"),
});

type Asked = z.infer<typeof querySchema>;

export const GET = plainRoute(
  {
    need: "read",
    summary:
      "The table of a query with pipes. Of one as CSV the headers X-Cordwood-Total-Rows and X-Cordwood-Complete tell how many rows there are and whether all are in it, of all entries.",
    query: querySchema,
    answer: statsAnswerSchema,
  },
  (request, runtime, { query }) => answerStats(runtime, query, request.signal),
);

export const POST = plainRoute(
  {
    need: "read",
    summary: "The same for queries that are too long for a URL.",
    body: querySchema,
    answer: statsAnswerSchema,
  },
  async (request, runtime, { body }) => answerStats(runtime, body, request.signal),
);

async function answerStats(runtime: Runtime, { q, format, zone, ...parameters }: Asked, signal: AbortSignal) {
  const pipe = requirePipe(q);
  const search = await searchOf(runtime, { ...parameters, q: q.slice(0, pipe) });
  const data = await getStats(runtime, {
    ...search,
    // All that is kept begins and ends with whole minutes, of which there are counts.
    from: parameters.from === undefined ? floorTo(search.from, MINUTE_MS) : search.from,
    to: parameters.to === undefined ? ceilTo(search.to, MINUTE_MS) : search.to,
    pipeline: parsePipes(q, pipe),
    zone,
    allKeptFrom: await allKeptFrom(runtime),
    signal,
  });
  if (format === "json") return envelopeOf({ data });
  return new Response(statsCsv(data), { headers: { ...CSV_HEADERS, ...toldOfCsv(data) } });
}

const CSV_HEADERS = {
  "content-type": "text/csv; charset=utf-8; header=present",
  "content-disposition": 'attachment; filename="cordwood-stats.csv"',
  "cache-control": "no-store",
};

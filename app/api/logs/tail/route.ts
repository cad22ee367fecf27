import { z } from "zod";
import { eventRoute, positionOf } from "@/app/api/api-route";
import { attributesParameter } from "@/app/api/parameters";
import { parseQuery } from "@/app/api/parse-request";
import { searchOf, searchParameters } from "@/app/api/search-request";
import { resolvePatterns } from "@/core/search/query/resolve-patterns";

const { from: _from, to: _to, ...tailParameters } = searchParameters;

const querySchema = z.strictObject({
  ...tailParameters,
  lastEventId: z.string().optional(),
  attributes: attributesParameter,
});

/** Events `log` for each entry that a query selects, as it is committed, `gap` and `heartbeat`. */
export const GET = eventRoute("read", async (request, runtime) => {
  const { lastEventId, attributes, ...parameters } = parseQuery(request, querySchema);
  const { query, service } = await searchOf(runtime, parameters);
  const resolved = await resolvePatterns(runtime.db, query);
  return (watcher) =>
    runtime.hub.tail({ query: resolved, service, attributes }, watcher, positionOf(request, lastEventId));
});

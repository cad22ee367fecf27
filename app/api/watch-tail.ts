import { z } from "zod";
import { entryParameters } from "@/app/api/parameters";
import { parseParameters } from "@/app/api/parse-request";
import { searchOf, searchParameters } from "@/app/api/search-request";
import { decodePosition } from "@/core/realtime/position";
import type { Watch } from "@/core/realtime/watcher";
import type { Runtime } from "@/core/runtime";
import { resolvePatterns } from "@/core/search/query/resolve-patterns";

const { from: _from, to: _to, ...tailParameters } = searchParameters;

const parametersSchema = z.strictObject({
  ...tailParameters,
  lastEventId: z.string().optional(),
  ...entryParameters,
});

/**
 * @param parameters of GET /api/logs/tail
 * @param lastEventId where the client left off, when it is not among them
 * @throws Fault invalid
 */
export async function watchTail(
  runtime: Runtime,
  parameters: URLSearchParams,
  lastEventId: string | null,
): Promise<Watch> {
  const { attributes, fields, length, lastEventId: left, ...search } = parseParameters(parameters, parametersSchema);
  const { query, service } = await searchOf(runtime, search);
  const resolved = await resolvePatterns(runtime.db, query);
  const form = { attributes, fields, length };
  const from = decodePosition(lastEventId ?? left ?? null);
  return (watcher) => runtime.hub.tail({ query: resolved, service, form }, watcher, from);
}

import { z } from "zod";
import { apiRoute, parseQuery } from "@/app/api/api-route";
import { ingestRequestOf, takeEntries } from "@/app/api/ingest-request";
import { serviceParameter } from "@/app/api/parameters";
import { LIMITS } from "@/core/limits";
import { getRecentEntries } from "@/core/search/get-recent-entries";
import { wholeNumber } from "@/core/whole-number";

const querySchema = z.strictObject({
  service: serviceParameter,
  limit: wholeNumber(1, LIMITS.recentEntries).default(50),
});

/** The newest entries of a service. */
export const GET = apiRoute(async (request, runtime) => {
  const { service, limit } = parseQuery(request, querySchema);
  return { data: await getRecentEntries(runtime, service, limit) };
});

/** Takes entries: one, an array, `{"logs": [...]}` or NDJSON. */
export const POST = apiRoute(async (request, runtime) => ({
  status: 201,
  data: await takeEntries(runtime, ingestRequestOf(request, ["json", "ndjson"])),
}));

import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { parseQuery } from "@/app/api/parse-request";
import { getStorage } from "@/core/segments/storage/get-storage";
import { STORAGE_ROWS } from "@/core/segments/storage/schemas";
import { wholeNumber } from "@/core/whole-number";

const offset = wholeNumber(0, 1_000_000).default(0);

const querySchema = z.strictObject({
  limit: wholeNumber(1, 100).default(STORAGE_ROWS),
  days_offset: offset,
  services_offset: offset,
});

/** What is stored, where, and how long there is room for it; days and services by pages. */
export const GET = apiRoute("read", async (request, runtime) => {
  const { limit, days_offset, services_offset } = parseQuery(request, querySchema);
  return { data: await getStorage(runtime, { limit, daysOffset: days_offset, servicesOffset: services_offset }) };
});

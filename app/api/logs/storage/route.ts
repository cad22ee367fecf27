import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { getStorage } from "@/core/segments/storage/get-storage";
import { STORAGE_ROWS, storageSchema } from "@/core/segments/storage/schemas";
import { wholeNumber } from "@/core/whole-number";

const offset = wholeNumber(0, 1_000_000).default(0);

const querySchema = z.strictObject({
  limit: wholeNumber(1, 100).default(STORAGE_ROWS),
  days_offset: offset,
  services_offset: offset,
});

export const GET = apiRoute(
  {
    need: "read",
    summary: "What is stored, where, and how long there is room for it; days and services by pages.",
    query: querySchema,
    answer: storageSchema,
  },
  async (_request, runtime, { query }) => {
    const { limit, days_offset, services_offset } = query;
    return { data: await getStorage(runtime, { limit, daysOffset: days_offset, servicesOffset: services_offset }) };
  },
);

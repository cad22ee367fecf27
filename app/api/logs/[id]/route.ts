import { apiRoute } from "@/app/api/api-route";
import { getEntry } from "@/core/search/get-entry";

export const GET = apiRoute(async (_request, runtime, { id }: { id: string }) => ({
  data: await getEntry(runtime, id),
}));

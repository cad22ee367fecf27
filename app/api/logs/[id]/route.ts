import { apiRoute } from "@/app/api/api-route";
import { getEntry } from "@/core/search/get-entry";

export const GET = apiRoute<{ id: string }>("read", async (_request, runtime, { params: { id } }) => ({
  data: await getEntry(runtime, id),
}));

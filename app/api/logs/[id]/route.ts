import { apiRoute } from "@/app/api/api-route";
import { getEntry } from "@/core/search/get-entry";

type Context = { params: Promise<{ id: string }> };

export const GET = (request: Request, { params }: Context) =>
  apiRoute(async (_request, runtime) => ({ data: await getEntry(runtime, (await params).id) }))(request);

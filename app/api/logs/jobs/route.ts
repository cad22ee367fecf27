import { apiRoute } from "@/app/api/api-route";
import { getJobs } from "@/core/jobs/get-jobs";

export const GET = apiRoute("read", async (_request, runtime) => ({ data: await getJobs(runtime) }));

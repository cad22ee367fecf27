import { apiRoute } from "@/app/api/api-route";
import { getJobs } from "@/core/jobs/get-jobs";
import { jobsSchema } from "@/core/jobs/schemas";

export const GET = apiRoute(
  { need: "read", summary: "The latest runs of the background jobs, and what fails or is late.", answer: jobsSchema },
  async (_request, runtime) => ({ data: await getJobs(runtime) }),
);

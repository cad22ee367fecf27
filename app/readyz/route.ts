import { plainRoute } from "@/app/api/api-route";
import { getFailingJobs } from "@/core/jobs/get-failing-jobs";
import { isReady } from "@/core/readiness";

export const dynamic = "force-dynamic";

/** Readiness: the database answers, so entries can be taken. Jobs that fail again and again are named, and don't change that. */
export const GET = plainRoute("always", async (_request, runtime) => {
  if (await isReady(runtime)) {
    const failing = await getFailingJobs(runtime);
    return Response.json({ status: "ready", failing_jobs: failing.map(({ job_type }) => job_type) });
  }
  const headers = { "retry-after": "1" };
  return Response.json({ status: "the database does not answer" }, { status: 503, headers });
});

import { plainRoute } from "@/app/api/api-route";
import { isReady } from "@/core/readiness";

export const dynamic = "force-dynamic";

/** Readiness: the database answers, so entries can be taken. */
export const GET = plainRoute("always", async (_request, runtime) => {
  if (await isReady(runtime)) return Response.json({ status: "ready" });
  const headers = { "retry-after": "1" };
  return Response.json({ status: "the database does not answer" }, { status: 503, headers });
});

import { isReady } from "@/core/readiness";
import { getRuntime } from "@/core/runtime";

export const dynamic = "force-dynamic";

/** Readiness: the database answers, so entries can be taken. */
export async function GET(): Promise<Response> {
  if (await isReady(getRuntime())) return Response.json({ status: "ready" });
  const headers = { "retry-after": "1" };
  return Response.json({ status: "the database does not answer" }, { status: 503, headers });
}

import { apiRoute } from "@/app/api/api-route";
import { ingestRequestOf, takeEntries } from "@/app/api/ingest-request";

/** Takes `{"project_slug": "...", "logs": [...]}` with at most LIMITS.batchEntries entries. */
export const POST = apiRoute("ingest", async (request, runtime, { principal }) => {
  const answer = await takeEntries(runtime, { ...ingestRequestOf(request, principal, ["json"]), format: "batch" });
  const message = `${answer.accepted} ${answer.accepted === 1 ? "entry" : "entries"} accepted`;
  return { status: 201, data: { ...answer, message }, message };
});

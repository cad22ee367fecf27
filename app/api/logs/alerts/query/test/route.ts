import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { parseQuery } from "@/app/api/parse-request";
import { recordAudit } from "@/core/access/audit/record-audit";
import { testQueryAlert } from "@/core/alerts/configs/test-config";
import { getQueryAlert } from "@/core/alerts/queries/list-query-alerts";
import { wholeNumber } from "@/core/whole-number";

/** Sends a test to every receiver and tells what became of each. */
export const POST = apiRoute("change alerts", async (request, runtime, { principal, address }) => {
  const { id } = parseQuery(request, z.strictObject({ id: wholeNumber(1, Number.MAX_SAFE_INTEGER) }));
  const { name } = await getQueryAlert(runtime, id);
  // Before, as what is sent can't be taken back.
  await recordAudit(runtime, principal, address, { action: "alert.test", target: name });
  return { data: await testQueryAlert(runtime, id) };
});

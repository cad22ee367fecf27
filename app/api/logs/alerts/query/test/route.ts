import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { recordAudit } from "@/core/access/audit/record-audit";
import { testQueryAlert } from "@/core/alerts/configs/test-config";
import { getQueryAlert } from "@/core/alerts/queries/get-query-alert";
import { testOutcomeSchema } from "@/core/alerts/schemas";
import { wholeNumber } from "@/core/whole-number";

export const POST = apiRoute(
  {
    need: "change alerts",
    summary: "Sends a test to every receiver and tells what became of each.",
    query: z.strictObject({ id: wholeNumber(1, Number.MAX_SAFE_INTEGER) }),
    answer: z.array(testOutcomeSchema),
  },
  async (_request, runtime, { principal, address, query }) => {
    const { id } = query;
    const { name } = await getQueryAlert(runtime, id);
    // Before, as what is sent can't be taken back.
    await recordAudit(runtime, principal, address, { action: "alert.test", target: name });
    return { data: await testQueryAlert(runtime, id) };
  },
);

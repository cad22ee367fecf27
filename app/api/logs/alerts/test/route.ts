import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { recordAudit } from "@/core/access/audit/record-audit";
import { getConfig } from "@/core/alerts/configs/get-config";
import { testConfig } from "@/core/alerts/configs/test-config";
import { testOutcomeSchema } from "@/core/alerts/schemas";
import { serviceNameSchema } from "@/core/service-name";

export const POST = apiRoute(
  {
    need: "change alerts",
    summary: "Sends a test to every channel and tells what became of each.",
    query: z.strictObject({ service: serviceNameSchema }),
    answer: z.array(testOutcomeSchema),
  },
  async (_request, runtime, { principal, address, query }) => {
    const { service } = query;
    await getConfig(runtime, service);
    // Before, as what is sent can't be taken back.
    await recordAudit(runtime, principal, address, { action: "alert.test", target: service });
    return { data: await testConfig(runtime, service) };
  },
);

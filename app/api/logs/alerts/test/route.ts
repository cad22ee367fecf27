import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { parseQuery } from "@/app/api/parse-request";
import { recordAudit } from "@/core/access/audit/record-audit";
import { getConfig } from "@/core/alerts/configs/get-config";
import { testConfig } from "@/core/alerts/configs/test-config";
import { serviceNameSchema } from "@/core/service-name";

/** Sends a test to every channel and tells what became of each. */
export const POST = apiRoute("change alerts", async (request, runtime, { principal, address }) => {
  const { service } = parseQuery(request, z.strictObject({ service: serviceNameSchema }));
  await getConfig(runtime, service);
  // Before, as what is sent can't be taken back.
  await recordAudit(runtime, principal, address, { action: "alert.test", target: service });
  return { data: await testConfig(runtime, service) };
});

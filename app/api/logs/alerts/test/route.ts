import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { parseQuery } from "@/app/api/parse-request";
import { testConfig } from "@/core/alerts/configs/test-config";
import { serviceNameSchema } from "@/core/service-name";

/** Sends a test to every channel and tells what became of each. */
export const POST = apiRoute("change alerts", async (request, runtime) => {
  const { service } = parseQuery(request, z.strictObject({ service: serviceNameSchema }));
  return { data: await testConfig(runtime, service), audit: { action: "alert.test", target: service } };
});

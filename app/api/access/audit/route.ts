import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { parseQuery } from "@/app/api/parse-request";
import { listAudit } from "@/core/access/audit/list-audit";
import { LIMITS } from "@/core/limits";
import { wholeNumber } from "@/core/whole-number";
import { auditParameters } from "./audit-request";

const querySchema = z.strictObject({
  ...auditParameters,
  limit: wholeNumber(1, LIMITS.listedAuditEvents).default(100),
  before: wholeNumber(1, Number.MAX_SAFE_INTEGER).optional(),
});

/** Who did what and when, newest first. */
export const GET = apiRoute("administer", async (request, runtime) => ({
  data: await listAudit(runtime, parseQuery(request, querySchema)),
}));

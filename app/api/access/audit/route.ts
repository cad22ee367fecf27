import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { countAudit, listAudit } from "@/core/access/audit/list-audit";
import { auditPageSchema } from "@/core/access/audit/schemas";
import { LIMITS } from "@/core/limits";
import { wholeNumber } from "@/core/whole-number";
import { auditParameters } from "./audit-request";

const querySchema = z.strictObject({
  ...auditParameters,
  limit: wholeNumber(1, LIMITS.listedAuditEvents).default(100),
  before: wholeNumber(1, Number.MAX_SAFE_INTEGER).optional(),
});

export const GET = apiRoute(
  { need: "administer", summary: "Who did what and when, newest first.", query: querySchema, answer: auditPageSchema },
  async (_request, runtime, { query }) => {
    const [page, total] = await Promise.all([listAudit(runtime, query), countAudit(runtime, query)]);
    return { data: { ...page, total } };
  },
);

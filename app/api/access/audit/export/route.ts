import { z } from "zod";
import { streamRoute } from "@/app/api/api-route";
import { exportAudit } from "@/core/access/audit/export-audit";
import { auditParameters } from "../audit-request";

export const GET = streamRoute(
  {
    need: "administer",
    summary: "The audit log as a file, one JSON object a line.",
    query: z.strictObject(auditParameters),
  },
  async (_request, runtime, { query }) => ({
    pieces: exportAudit(runtime, query),
    audit: { action: "audit.export" },
    headers: {
      "content-type": "application/x-ndjson; charset=utf-8",
      "content-disposition": `attachment; filename="cordwood-audit-${runtime.clock.now().toISOString().slice(0, 10)}.ndjson"`,
    },
  }),
);

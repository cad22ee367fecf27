import { z } from "zod";
import { streamRoute } from "@/app/api/api-route";
import { parseQuery } from "@/app/api/parse-request";
import { exportAudit } from "@/core/access/audit/export-audit";
import { auditParameters } from "../audit-request";

/** The audit log as a file, one JSON object a line. */
export const GET = streamRoute("administer", async (request, runtime) => ({
  pieces: exportAudit(runtime, parseQuery(request, z.strictObject(auditParameters))),
  audit: { action: "audit.export" },
  headers: {
    "content-type": "application/x-ndjson; charset=utf-8",
    "content-disposition": `attachment; filename="cordwood-audit-${runtime.clock.now().toISOString().slice(0, 10)}.ndjson"`,
  },
}));

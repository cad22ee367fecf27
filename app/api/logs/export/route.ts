import { z } from "zod";
import { streamRoute } from "@/app/api/api-route";
import { searchOf, searchParameters } from "@/app/api/search-request";
import type { Principal } from "@/core/access/principal";
import { oneOf } from "@/core/one-of";
import { exportLogs } from "@/core/search/export/export-logs";
import { EXPORT_FORMATS, FORMATS } from "@/core/search/export/formats";

const querySchema = z.strictObject({
  ...searchParameters,
  format: oneOf(EXPORT_FORMATS).default("ndjson"),
});

/** Null: whoever sits at the machine itself is not held to a part of it. */
const ownerOf = (principal: Principal | null): string | null =>
  principal === null || principal.kind === "local" ? null : `${principal.kind} ${principal.id}`;

export const GET = streamRoute(
  { need: "read", summary: "All that a search finds, as a file.", query: querySchema },
  async (request, runtime, { query, principal }) => {
    const { format, ...parameters } = query;
    const { signal } = request;
    const { q, from, to, service, level } = parameters;
    const name = `cordwood-${runtime.clock.now().toISOString().slice(0, 19).replaceAll(":", "")}.${format}`;
    return {
      pieces: exportLogs(runtime, { ...(await searchOf(runtime, parameters)), signal }, format, {
        owner: ownerOf(principal),
      }),
      audit: { action: "logs.export", detail: { format, q, from, to, service, level } },
      headers: {
        "content-type": FORMATS[format].contentType,
        "content-disposition": `attachment; filename="${name}"`,
      },
    };
  },
);

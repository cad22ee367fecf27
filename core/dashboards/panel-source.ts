import { z } from "zod";
import { incidentSchema } from "@/core/alerts/schemas";
import { statsAnswerSchema } from "@/core/analytics/schemas";
import { listedEntrySchema } from "@/core/search/schemas";
import { completenessSchema } from "@/core/segments/schemas";
import { serviceListSchema } from "@/core/stats/schemas";

/** A time that moves with the clock, or one from a moment (inclusive) to another, of RFC 3339; days, hours and weekdays are those of the zone. */
export type PanelTime = ({ range: string } | { from: string; to: string }) & { zone: string };

/** What a panel is computed of, without anything that makes no difference to it: who ask for the same share it. */
export type PanelSource =
  | { kind: "stats"; q: string; time: PanelTime }
  | { kind: "lines"; q: string; limit: number; time: PanelTime }
  /** No names: every service, first what needs attention. */
  | { kind: "health"; services: readonly string[] }
  | { kind: "incidents"; services: readonly string[] };

export const PANEL_KINDS = ["stats", "lines", "health", "incidents"] as const;

/** The newest lines, without their attributes. */
export const panelLinesSchema = completenessSchema.extend({
  entries: z.array(listedEntrySchema),
  /** The time was up before all had been looked at. */
  timed_out: z.boolean(),
});

/** Those that are not over, the latest first. */
export const panelIncidentsSchema = z.object({
  incidents: z.array(incidentSchema),
  /** Not all of them are there. */
  has_more: z.boolean(),
});

/** What each kind of source gives. */
export const PANEL_ANSWERS = {
  stats: statsAnswerSchema,
  lines: panelLinesSchema,
  health: serviceListSchema,
  incidents: panelIncidentsSchema,
} as const satisfies Record<PanelSource["kind"], z.ZodType>;

/** Why a panel can't be computed, as an event of the stream says it. */
export const panelProblemSchema = z.object({ error: z.string() });

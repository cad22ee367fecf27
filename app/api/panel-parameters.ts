import { z } from "zod";
import { parseParameters } from "@/app/api/parse-request";
import { UTC } from "@/core/analytics/zone-clock";
import { PANEL_KINDS, type PanelSource, type PanelTime } from "@/core/dashboards/panel-source";
import { invalidField } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import { oneOf } from "@/core/one-of";
import { readRange } from "@/core/search/named-range";
import { serviceNameSchema } from "@/core/service-name";
import { dateTimeField, timeZoneField } from "@/core/time-fields";
import { wholeNumber } from "@/core/whole-number";

const NO_LIST = "must be a list of names as JSON";

const timeParameters = {
  q: z.string("is required"),
  range: z
    .string()
    .refine((name) => readRange(name) !== null, "must be the name of a time range, such as 1h, 7d or today")
    .optional(),
  from: dateTimeField.optional(),
  to: dateTimeField.optional(),
  zone: timeZoneField.default("UTC"),
};

/** A list of names as JSON; empty for all. */
const servicesParameter = z
  .string()
  .default("[]")
  .transform((text, context) => {
    try {
      const value: unknown = JSON.parse(text);
      return value;
    } catch {
      context.addIssue(NO_LIST);
      return z.NEVER;
    }
  })
  .pipe(
    z
      .array(serviceNameSchema, NO_LIST)
      .max(LIMITS.variableValues, `must have ${LIMITS.variableValues} names at most`)
      .transform((names) => [...new Set(names)].toSorted()),
  );

const linesParameter = wholeNumber(1, LIMITS.panelLines).default(50);

/** Whatever a panel may be asked by; which of it its kind takes, panelSourceOf says. */
export const panelSchema = z.looseObject({
  kind: oneOf(PANEL_KINDS),
  ...z.object({ ...timeParameters, limit: linesParameter, services: servicesParameter }).partial().shape,
});
const kind = z.enum(PANEL_KINDS);

/**
 * What a panel is computed of. The same, however it is asked for, gives the same, so that it is shared.
 * @throws Fault invalid
 */
export function panelSourceOf(parameters: URLSearchParams, more: Record<string, z.ZodType> = {}): PanelSource {
  const { kind: asked } = parseParameters(parameters, z.looseObject({ kind: panelSchema.shape.kind }));
  switch (asked) {
    case "stats": {
      const { q, ...time } = parseParameters(parameters, z.strictObject({ ...more, kind, ...timeParameters }));
      return { kind: asked, q: q.trim(), time: timeOf(time, true) };
    }
    case "lines": {
      const lines = z.strictObject({ ...more, kind, ...timeParameters, limit: linesParameter });
      const { q, limit: most, ...time } = parseParameters(parameters, lines);
      return { kind: asked, q: q.trim(), limit: most, time: timeOf(time, false) };
    }
    case "health":
    case "incidents":
      return {
        kind: asked,
        services: parseParameters(parameters, z.strictObject({ ...more, kind, services: servicesParameter })).services,
      };
  }
}

type TimeAsked = { range?: string; from?: string; to?: string; zone: string };

/** @param hasSteps there are groups of days, hours or weekdays, maybe */
function timeOf({ range, from, to, zone }: TimeAsked, hasSteps: boolean): PanelTime {
  if (from !== undefined && to !== undefined && range === undefined) {
    return { from: new Date(from).toISOString(), to: new Date(to).toISOString(), zone: hasSteps ? zone : UTC };
  }
  const named = range === undefined ? null : readRange(range);
  if (!named || from !== undefined || to !== undefined) {
    throw invalidField("range", "must be given, or from and to instead");
  }
  // Lines of so many hours are the same in every zone.
  return { range: named.name, zone: hasSteps || !/^\d/.test(named.name) ? zone : UTC };
}

import type { WEBHOOK_FORMATS } from "@/db/schema/alert-names";
import { discord } from "./discord";
import type { Format } from "./format";
import { generic } from "./generic";
import { ntfy } from "./ntfy";
import { opsgenie } from "./opsgenie";
import { pagerduty } from "./pagerduty";
import { slack } from "./slack";
import { teams } from "./teams";
import { telegram } from "./telegram";

/** What each kind of receiver understands. */
export const FORMATS: Readonly<Record<(typeof WEBHOOK_FORMATS)[number], Format>> = {
  generic,
  slack,
  discord,
  teams,
  pagerduty,
  opsgenie,
  ntfy,
  telegram,
};

"use client";

import { createParser, parseAsStringLiteral, useQueryStates } from "nuqs";
import { SENDERS } from "@/core/senders/senders";

/** With which everybody can try it. */
const FIRST = "curl";
const USUAL_SERVICE = "shop";

/** What can stand in every configuration as it is. */
export const SERVICE_PATTERN = /^[A-Za-z0-9][\w.-]{0,99}$/;

const parseAsService = createParser({
  parse: (text) => (SERVICE_PATTERN.test(text) ? text : null),
  serialize: (service: string) => service,
});

const PARAMETERS = {
  with: parseAsStringLiteral(SENDERS.map(({ id }) => id)).withDefault(FIRST),
  service: parseAsService.withDefault(USUAL_SERVICE),
};

/** Which sender is shown, and for which service: in the page's address, so that it can be sent to somebody. */
export const useSendState = () => useQueryStates(PARAMETERS, { history: "push" });

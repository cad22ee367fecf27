import { JSON_PROTOCOLS } from "./json-protocols";
import { LISTENERS } from "./listeners";
import { LOKI } from "./loki";
import { OTLP } from "./otlp";
import type { Wire } from "./wire";

/** Every form of every protocol that entries come in. */
export const WIRES: readonly Wire[] = [...LOKI, ...OTLP, ...JSON_PROTOCOLS, ...LISTENERS];

/**
 * Those of a protocol; of `all`, all of them.
 * @throws Error for a protocol that there is not
 */
export function wiresOf(protocol: string): readonly Wire[] {
  const found = WIRES.filter((wire) => protocol === "all" || wire.protocol === protocol);
  if (found.length > 0) return found;
  const known = [...new Set(WIRES.map((wire) => wire.protocol))];
  throw new Error(`--protocol must be ${known.join(", ")} or all, not "${protocol}"`);
}

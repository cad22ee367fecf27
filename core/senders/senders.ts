import { LANGUAGES } from "./languages";
import { PLATFORMS } from "./platforms";
import type { Part, Sender } from "./sender";
import { SHIPPERS } from "./shippers";
import { LISTENER_VARIABLES, type Target } from "./target";

/** Every way to send that the page and the documentation show, in their order. */
export const SENDERS: readonly Sender[] = [...LANGUAGES, ...PLATFORMS, ...SHIPPERS];

/** Those for which all words that somebody typed are there, by their name or by other words; those whose name begins so first. */
export function findSenders(search: string): readonly Sender[] {
  const asked = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (asked.length === 0) return SENDERS;
  const found = SENDERS.filter(({ name, words }) => {
    const known = [name, ...words].join("\n").toLowerCase();
    return asked.every((word) => known.includes(word));
  });
  return found.toSorted((a, b) => rank(a, asked) - rank(b, asked));
}

const rank = ({ name }: Sender, [first = ""]: readonly string[]): number => {
  const at = name.toLowerCase().indexOf(first);
  return at === 0 ? 0 : at > 0 ? 1 : 2;
};

/**
 * Everything that has to be done for a sender, in its order.
 * @param isOpen whether the listener that it needs is there already
 */
export function partsOf(sender: Sender, to: Target, isOpen: boolean): readonly Part[] {
  const { listener } = sender;
  const parts = sender.configure(to);
  if (listener === undefined || isOpen) return parts;
  const open = `${LISTENER_VARIABLES[listener]}=${to.ports[listener]}`;
  return [{ title: "On the server, in its environment, before its next start", language: "sh", text: open }, ...parts];
}

import type { Facts, Grouping } from "@/core/analytics/group-entries";
import type { Groups } from "@/core/analytics/groups";
import { MINUTE_MS } from "@/core/clock";
import { MINUTE_MICROS } from "@/core/micros";
import type { EntryRow } from "@/core/search/entry-row";
import { type CutGroups, cutGroups, groupingOf } from "./group-lines";
import type { Computed } from "./load-alerts";

/** By the start of a minute in ms, what its lines gave to one alert. */
export type MinuteGroups = ReadonlyMap<number, Groups>;

const NOTHING: Groups = { entries: 0, leftOut: [], groups: [] };

/** Puts lines of one alert into the groups of their minutes. */
export class MinuteGrouping {
  private readonly minutes = new Map<number, Grouping>();
  private readonly old = new Set<number>();

  /** @param keptFrom in ms: of earlier minutes, of which very many may come, it is only told that they have lines */
  constructor(
    private readonly computed: Computed,
    public keptFrom = Number.NEGATIVE_INFINITY,
  ) {}

  /** @throws Fault invalid when there are too many values to keep */
  addEntry(entry: EntryRow): void {
    this.of(Math.floor(Number(entry.micros) / MINUTE_MICROS) * MINUTE_MS)?.addEntry(entry);
  }

  /**
   * @param minute its start in ms @param weight so many lines of it are alike
   * @throws Fault invalid when there are too many values to keep
   */
  add(minute: number, facts: Facts, weight: number): void {
    this.of(minute)?.add(facts, weight);
  }

  private of(minute: number): Grouping | null {
    if (minute < this.keptFrom) {
      this.old.add(minute);
      return null;
    }
    let grouping = this.minutes.get(minute);
    if (!grouping) {
      grouping = groupingOf(this.computed, 1);
      this.minutes.set(minute, grouping);
    }
    return grouping;
  }

  /** Nothing is to be added after that. */
  taken(): MinuteGroups {
    const taken = new Map<number, Groups>();
    for (const minute of this.old) taken.set(minute, NOTHING);
    for (const [minute, grouping] of this.minutes) taken.set(minute, grouping.taken());
    return taken;
  }
}

/** What there is of a minute, put together with what is known of it. */
export function joinMinute(computed: Computed, more: Groups, known: CutGroups | null): CutGroups {
  const grouping = groupingOf(computed, 1);
  if (known) grouping.merge(known.groups);
  grouping.merge(more);
  const { groups, cut } = cutGroups(computed.query.stats, grouping.taken(), known?.groups ?? null);
  return { groups, cut: cut + (known?.cut ?? 0) };
}

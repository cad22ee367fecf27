import type { Facts, Grouping } from "@/core/analytics/group-entries";
import type { Groups } from "@/core/analytics/groups";
import { MINUTE_MS } from "@/core/clock";
import type { EntryRow } from "@/core/search/entry-row";
import { type CutGroups, cutGroups, groupingOf } from "./group-lines";
import type { Computed } from "./load-alerts";

const MINUTE_MICROS = MINUTE_MS * 1_000;

/** By the start of a minute in ms, what its lines gave to one alert. */
export type MinuteGroups = ReadonlyMap<number, Groups>;

/** Puts lines of one alert into the groups of their minutes. */
export class MinuteGrouping {
  private readonly minutes = new Map<number, Grouping>();

  constructor(private readonly computed: Computed) {}

  /** @throws Fault invalid when there are too many values to keep */
  addEntry(entry: EntryRow): void {
    this.of(Math.floor(Number(entry.micros) / MINUTE_MICROS) * MINUTE_MS).addEntry(entry);
  }

  /**
   * @param minute its start in ms @param weight so many lines of it are alike
   * @throws Fault invalid when there are too many values to keep
   */
  add(minute: number, facts: Facts, weight: number): void {
    this.of(minute).add(facts, weight);
  }

  private of(minute: number): Grouping {
    let grouping = this.minutes.get(minute);
    if (!grouping) {
      grouping = groupingOf(this.computed, 1);
      this.minutes.set(minute, grouping);
    }
    return grouping;
  }

  /** Nothing is to be added after that. */
  taken(): MinuteGroups {
    return new Map([...this.minutes].map(([minute, grouping]) => [minute, grouping.taken()]));
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

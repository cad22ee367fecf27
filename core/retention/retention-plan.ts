import { addMs, DAY_MS, floorTo } from "@/core/clock";
import { LEVELS, type Level } from "@/core/levels";
import type { HiddenLevels, ServiceSet } from "@/core/segments/hidden";
import type { RetentionRule } from "@/core/settings/schemas";

type RuleDays = { ofAny: number | null; ofLevel: Map<Level, number> };

/**
 * For how many days an entry is kept, by its service and level. The most specific rule wins: one for the service and the level,
 * then one for the service, then one for the level, then the default.
 *
 * Days are whole days of UTC: what is kept for N days goes when the day has ended in which it became N days old.
 */
export class RetentionPlan {
  /** The fewest and the most days that any entry is kept. */
  readonly shortestDays: number;
  readonly longestDays: number;
  /** The most specific first. */
  readonly rules: readonly RetentionRule[];
  private readonly ofLevel = new Map<Level, number>();
  private readonly ofService = new Map<string, RuleDays>();

  /**
   * @param days of what no rule names
   * @param countsDays of counts by the hour and by the day; those of entries that are kept longer stay with them
   */
  constructor(
    readonly days: number,
    readonly countsDays: number = days,
    rules: readonly RetentionRule[] = [],
  ) {
    this.rules = [...rules].sort((a, b) => rankOf(a) - rankOf(b));
    for (const rule of rules) {
      if (rule.service === null) {
        if (rule.level !== null) this.ofLevel.set(rule.level, rule.days);
        continue;
      }
      const known = this.ofService.get(rule.service) ?? { ofAny: null, ofLevel: new Map<Level, number>() };
      if (rule.level === null) known.ofAny = rule.days;
      else known.ofLevel.set(rule.level, rule.days);
      this.ofService.set(rule.service, known);
    }
    const all = LEVELS.flatMap((level) => [
      this.daysOfOthers(level),
      ...this.services.map((service) => this.daysOf(service, level)),
    ]);
    this.shortestDays = this.shortestOf(LEVELS, this.services);
    this.longestDays = Math.max(...all);
  }

  daysOf(service: string, level: Level): number {
    const own = this.ofService.get(service);
    return own?.ofLevel.get(level) ?? own?.ofAny ?? this.daysOfOthers(level);
  }

  /** Of services that no rule names. */
  daysOfOthers(level: Level): number {
    return this.ofLevel.get(level) ?? this.days;
  }

  /** The fewest days that any entry of some levels is kept, of these services with a rule of their own or of any without. */
  shortestOf(levels: readonly Level[], services: readonly string[]): number {
    return Math.min(
      ...levels.flatMap((level) => [
        this.daysOfOthers(level),
        ...services.map((service) => this.daysOf(service, level)),
      ]),
    );
  }

  /** Services with a rule of their own. */
  get services(): string[] {
    return [...this.ofService.keys()];
  }

  /** Which entries of a UTC day are past their retention. @param ageDays whole days from its begin to that of today */
  expiredAt(ageDays: number): HiddenLevels {
    const expired: HiddenLevels = {};
    for (const level of LEVELS) {
      const isOthers = this.daysOfOthers(level) < ageDays;
      const different = this.services.filter((service) => this.daysOf(service, level) < ageDays !== isOthers).sort();
      const set: ServiceSet = isOthers ? { all_but: different } : { only: different };
      if (isOthers || different.length > 0) expired[level] = set;
    }
    return expired;
  }
}

const rankOf = ({ service, level }: RetentionRule) => (service === null ? 2 : level === null ? 1 : 0);

/** Entries before this are past a retention of so many days. */
export const cutoffOf = (now: Date, days: number): Date => addMs(floorTo(now, DAY_MS), -days * DAY_MS);

/** Whole days from the begin of a UTC day to that of today. */
export const ageOf = (day: Date, now: Date): number => (floorTo(now, DAY_MS).getTime() - day.getTime()) / DAY_MS;

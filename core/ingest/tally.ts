import { LEVELS, type Level } from "@/core/levels";
import { LIMITS } from "@/core/limits";
import { MINUTE_MICROS } from "@/core/micros";
import { OTHER_PATTERN } from "@/core/patterns/pattern-id";
import { equalBytes } from "./equal-bytes";
import { levelAt } from "./level";

export type CountRow = { bucket: Date; service: string; level: Level; count: number };
export type PatternRow = CountRow & { pattern: bigint; firstSeen: Date; lastSeen: Date };
export type ServiceRow = { name: string; firstSeen: Date; lastSeen: Date; masked: number };

/** A message's pattern, and what of it makes the pattern; the bytes are read at once and not kept. */
export type PatternedMessage = { id: bigint; sample: Uint8Array };

type PatternCount = { level: number; pattern: bigint; count: number; firstMicros: number; lastMicros: number };

type MinuteTally = {
  counts: Float64Array;
  /** By pattern and level; bounded. */
  patterns: Map<string, PatternCount>;
};

/** What was counted of one service. Made by Tally. */
export type ServiceTally = {
  name: string;
  /** The name as UTF-8. */
  bytes: Uint8Array;
  firstMicros: number;
  lastMicros: number;
  /** Places in which something was masked. */
  masked: number;
  minutes: Map<number, MinuteTally>;
  latestMinute: number;
  latest: MinuteTally | null;
};

/** What was counted, as it goes from one thread to another. */
export type TallyParts = {
  services: Pick<ServiceTally, "bytes" | "firstMicros" | "lastMicros" | "masked">[];
  /** Of each minute of a service: the service's place, the minute, and the count of each level. */
  minutes: Float64Array<ArrayBuffer>;
  patterns: (PatternCount & { service: number; minute: number })[];
  samples: ReadonlyMap<bigint, string>;
};

const MINUTE_NUMBERS = 2 + LEVELS.length;

/** Counts entries by minute, service, level and pattern while they are decoded, so that the database never has to. */
export class Tally {
  private readonly byHash = new Map<number, ServiceTally[]>();
  private readonly services: ServiceTally[] = [];
  /** One real message for each pattern that is counted. */
  readonly samples = new Map<bigint, string>();

  /** What another thread has counted. */
  static of({ services, minutes, patterns, samples }: TallyParts): Tally {
    const tally = new Tally();
    const known = services.map(({ bytes, firstMicros, lastMicros, masked }) =>
      Object.assign(tally.serviceOf(bytes, 0, bytes.length), { firstMicros, lastMicros, masked }),
    );
    for (let at = 0; at < minutes.length; at += MINUTE_NUMBERS) {
      const service = known[minutes[at] ?? 0];
      if (service) minuteOf(service, minutes[at + 1] ?? 0).counts.set(minutes.subarray(at + 2, at + MINUTE_NUMBERS));
    }
    for (const { service: place, minute, ...count } of patterns) {
      const service = known[place];
      if (service) minuteOf(service, minute).patterns.set(patternKey(count), count);
    }
    for (const [id, sample] of samples) tally.samples.set(id, sample);
    return tally;
  }

  toParts(): TallyParts {
    const { services, samples } = this;
    const minutes = new Float64Array(services.reduce((sum, one) => sum + one.minutes.size, 0) * MINUTE_NUMBERS);
    const patterns: TallyParts["patterns"] = [];
    let at = 0;
    for (const [service, { minutes: counted }] of services.entries()) {
      for (const [minute, tally] of counted) {
        minutes[at] = service;
        minutes[at + 1] = minute;
        minutes.set(tally.counts, at + 2);
        at += MINUTE_NUMBERS;
        for (const count of tally.patterns.values()) patterns.push({ ...count, service, minute });
      }
    }
    const named = services.map(({ bytes, firstMicros, lastMicros, masked }) => ({
      bytes,
      firstMicros,
      lastMicros,
      masked,
    }));
    return { services: named, minutes, patterns, samples };
  }

  /** Finds the service by its UTF-8 bytes, without making a string of them for each entry. */
  serviceOf(source: Uint8Array, from: number, end: number): ServiceTally {
    let hash = 0;
    for (let at = from; at < end; at++) hash = (Math.imul(hash, 31) + (source[at] as number)) | 0;
    const sameHash = this.byHash.get(hash);
    if (sameHash) {
      for (const service of sameHash) if (equalBytes(service.bytes, source, from, end)) return service;
    }
    // A copy: the source is valid only during the call, and slice of a Buffer would be a view of it.
    const bytes = new Uint8Array(source.subarray(from, end));
    const service: ServiceTally = {
      name: Buffer.from(bytes).toString("utf8"),
      bytes,
      firstMicros: Number.POSITIVE_INFINITY,
      lastMicros: Number.NEGATIVE_INFINITY,
      masked: 0,
      minutes: new Map(),
      latestMinute: Number.NaN,
      latest: null,
    };
    this.services.push(service);
    if (sameHash) sameHash.push(service);
    else this.byHash.set(hash, [service]);
    return service;
  }

  /** @param micros since 1970 UTC; `pattern` is of warnings and worse */
  add(service: ServiceTally, micros: number, level: number, pattern: PatternedMessage | null): void {
    if (micros < service.firstMicros) service.firstMicros = micros;
    if (micros > service.lastMicros) service.lastMicros = micros;
    const minute = Math.floor(micros / MINUTE_MICROS);
    if (minute !== service.latestMinute || service.latest === null) {
      service.latest = minuteOf(service, minute);
      service.latestMinute = minute;
    }
    const tally = service.latest;
    tally.counts[level] = (tally.counts[level] ?? 0) + 1;
    if (!pattern) return;
    const { id, sample } = pattern;
    if (!addPatternCount(tally, { level, pattern: id, count: 1, firstMicros: micros, lastMicros: micros })) return;
    if (!this.samples.has(id)) this.samples.set(id, Buffer.from(sample).toString("utf8"));
  }

  /** Adds all that `other` counted. */
  merge(other: Tally): void {
    for (const theirs of other.services) {
      const mine = this.serviceOf(theirs.bytes, 0, theirs.bytes.length);
      mine.firstMicros = Math.min(mine.firstMicros, theirs.firstMicros);
      mine.lastMicros = Math.max(mine.lastMicros, theirs.lastMicros);
      mine.masked += theirs.masked;
      for (const [minute, added] of theirs.minutes) {
        const tally = minuteOf(mine, minute);
        for (const [level, count] of added.counts.entries()) tally.counts[level] = (tally.counts[level] ?? 0) + count;
        for (const count of added.patterns.values()) {
          const sample = other.samples.get(count.pattern);
          if (addPatternCount(tally, count) && sample !== undefined) this.samples.set(count.pattern, sample);
        }
      }
    }
  }

  /** The start of each minute that has entries; a minute may come more than once. */
  *minutes(): Generator<Date> {
    for (const service of this.services) for (const minute of service.minutes.keys()) yield new Date(minute * 60_000);
  }

  /** The earliest and the latest timestamp, in whole ms; only meant for a tally that has entries. */
  span(): { first: Date; last: Date } {
    const first = Math.min(...this.services.map(({ firstMicros }) => firstMicros));
    const last = Math.max(...this.services.map(({ lastMicros }) => lastMicros));
    return { first: toDate(first), last: toDate(last) };
  }

  serviceRows(): ServiceRow[] {
    return this.services
      .filter((service) => service.minutes.size > 0)
      .map((service) => ({
        name: service.name,
        firstSeen: toDate(service.firstMicros),
        lastSeen: toDate(service.lastMicros),
        masked: service.masked,
      }));
  }

  countRows(): CountRow[] {
    const rows: CountRow[] = [];
    this.forEachMinute((service, bucket, tally) => {
      for (const [index, count] of tally.counts.entries()) {
        if (count > 0) rows.push({ bucket, service, level: levelAt(index), count });
      }
    });
    return rows;
  }

  patternRows(): PatternRow[] {
    const rows: PatternRow[] = [];
    this.forEachMinute((service, bucket, tally) => {
      for (const { level, pattern, count, firstMicros, lastMicros } of tally.patterns.values()) {
        const seen = { firstSeen: toDate(firstMicros), lastSeen: toDate(lastMicros) };
        rows.push({ bucket, service, level: levelAt(level), pattern, count, ...seen });
      }
    });
    return rows;
  }

  private forEachMinute(visit: (service: string, bucket: Date, tally: MinuteTally) => void): void {
    for (const service of this.services) {
      for (const [minute, tally] of service.minutes) visit(service.name, new Date(minute * 60_000), tally);
    }
  }
}

const toDate = (micros: number) => new Date(Math.floor(micros / 1000));

function minuteOf(service: ServiceTally, minute: number): MinuteTally {
  let tally = service.minutes.get(minute);
  if (!tally) {
    tally = { counts: new Float64Array(LEVELS.length), patterns: new Map() };
    service.minutes.set(minute, tally);
  }
  return tally;
}

const patternKey = ({ pattern, level }: PatternCount) => `${pattern}/${level}`;

/** @returns whether the pattern has a row of its own; above the limit it counts as OTHER_PATTERN */
function addPatternCount(tally: MinuteTally, added: PatternCount): boolean {
  const key = patternKey(added);
  const counted = tally.patterns.get(key);
  if (counted) {
    counted.count += added.count;
    counted.firstMicros = Math.min(counted.firstMicros, added.firstMicros);
    counted.lastMicros = Math.max(counted.lastMicros, added.lastMicros);
    return added.pattern !== OTHER_PATTERN;
  }
  // The rows of OTHER_PATTERN, one a level, are always admitted.
  if (added.pattern !== OTHER_PATTERN && tally.patterns.size >= LIMITS.patternsPerServiceMinute) {
    addPatternCount(tally, { ...added, pattern: OTHER_PATTERN });
    return false;
  }
  tally.patterns.set(key, { ...added });
  return added.pattern !== OTHER_PATTERN;
}

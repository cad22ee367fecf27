import type { Config } from "@/core/config";
import type { Context } from "@/core/context";
import { Masker } from "@/core/ingest/masking/masker";
import { LIMITS } from "@/core/limits";
import type { Logger } from "@/core/logger";
import { RetentionPlan } from "@/core/retention/retention-plan";
import { readSetting } from "./read-setting";
import { type Masking, maskingSchema, type Retention, retentionSchema } from "./schemas";

const GB = 1e9;

type Known = { masking: Masking; masker: Masker | null; retention: Retention; plan: RetentionPlan };

/**
 * What admins set while the server runs. Read again every few seconds, so that every instance follows; asked on the way of
 * every log line, so between that it is remembered.
 */
export class Settings {
  private known: Known | null = null;
  private readMs = Number.NEGATIVE_INFINITY;
  private reading: Promise<Known> | null = null;

  /** @param defaults CORDWOOD_RETENTION_DAYS and CORDWOOD_MAX_DISK */
  constructor(
    private readonly context: Context & { logger: Pick<Logger, "warn"> },
    private readonly defaults: Pick<Config, "retentionDays" | "maxDiskBytes">,
  ) {}

  async masking(): Promise<Masking> {
    return (await this.current()).masking;
  }

  /** Null: nothing is masked. */
  async masker(): Promise<Masker | null> {
    return (await this.current()).masker;
  }

  async retention(): Promise<Retention> {
    return (await this.current()).retention;
  }

  /** What the server was started with. */
  get retentionDefaults(): { default_days: number; default_max_disk_gb: number | null } {
    const { retentionDays, maxDiskBytes } = this.defaults;
    return { default_days: retentionDays, default_max_disk_gb: maxDiskBytes === null ? null : maxDiskBytes / GB };
  }

  /** What may be stored; null: anything. */
  async maxDiskBytes(): Promise<number | null> {
    const { max_disk_gb } = (await this.current()).retention;
    return max_disk_gb === null ? this.defaults.maxDiskBytes : Math.round(max_disk_gb * GB);
  }

  /** What `retention` says, for who asks about entries. */
  async retentionPlan(): Promise<RetentionPlan> {
    return (await this.current()).plan;
  }

  /** What a retention that is not stored would be. */
  planOf({ days, counts_days, rules }: Retention): RetentionPlan {
    const ofEntries = days ?? this.defaults.retentionDays;
    return new RetentionPlan(ofEntries, counts_days ?? ofEntries, rules);
  }

  /** So that what was changed holds here at once. */
  async forget(): Promise<void> {
    // What is being read may be from before; who waits for it is told of its failure.
    await this.reading?.catch(() => undefined);
    this.readMs = Number.NEGATIVE_INFINITY;
  }

  private async current(): Promise<Known> {
    if (this.known && performance.now() - this.readMs < LIMITS.settingsCacheMs) return this.known;
    this.reading ??= this.read().finally(() => {
      this.reading = null;
    });
    return this.reading;
  }

  /** @throws Error of the database at the first time; later what was known holds until it answers */
  private async read(): Promise<Known> {
    const before = this.known;
    try {
      const { value: masking } = await readSetting(this.context, "masking", maskingSchema);
      const { value: retention } = await readSetting(this.context, "retention", retentionSchema);
      const isSame = before && JSON.stringify(before.masking) === JSON.stringify(masking);
      const masker = isSame ? before.masker : Masker.of(masking);
      this.known = { masking, masker, retention, plan: this.planOf(retention) };
    } catch (error) {
      if (!before) throw error;
      this.context.logger.warn({ error }, "the settings could not be read; going on with those that were");
    }
    this.readMs = performance.now();
    return this.known ?? Promise.reject(new Error("the settings could not be read"));
  }
}

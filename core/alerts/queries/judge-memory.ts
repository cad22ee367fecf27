import { MINUTE_MS } from "@/core/clock";
import { LIMITS } from "@/core/limits";
import type { Minute } from "./group-lines";
import type { Computed, KnownAlerts, RunningAlert } from "./load-alerts";
import { stepMsOf } from "./windows";

/** What is remembered of an alert: minutes by their start in ms, null for one without lines. */
type Remembered = { countedIn: string | null; minutes: Map<number, Minute | null> };

type CountingAlert = { id: number; row: Pick<RunningAlert["row"], "countedIn"> };

/** Of a minute, beside the text of its groups. */
const MINUTE_BYTES = 200;
/** Of a character of that text, once it is read. */
const CHARACTER_BYTES = 4;

/**
 * What one process knows from the last time that it judged, so that it need not be read and parsed again: only what is committed, only as
 * long as nobody else has judged meanwhile, and bounded.
 */
export class JudgeMemory implements KnownAlerts {
  /** What the process that judged last has left behind, as text; null: not this one. */
  private position: string | null = null;
  private readonly alerts = new Map<number, Remembered>();
  private readonly computed = new Map<number, { watch: string; computed: Computed }>();
  private bytes = 0;
  /** Alerts for which nothing could be read, and until when they are left alone, in ms. */
  private readonly resting = new Map<number, number>();
  /** The minute in which minutes were let go of last, in ms. */
  forgotIn = 0;

  /** @param position that is known to the database: what was kept by others is not in here */
  begin(position: string): void {
    if (position !== this.position) this.forget();
    // Until it is committed, what is added may never have been.
    this.position = null;
  }

  /** What was done since is committed. @param position that was written with it */
  committed(position: string, alerts: readonly RunningAlert[], now: Date): void {
    this.position = position;
    const running = new Map(alerts.map((alert) => [alert.id, alert]));
    for (const id of this.computed.keys()) if (!running.has(id)) this.computed.delete(id);
    for (const [id, { minutes }] of this.alerts) {
      const alert = running.get(id);
      if (!alert) this.forgetAlert(id);
      else {
        const from = recentFrom(alert, now);
        for (const [minute, known] of minutes) {
          if (minute >= from) continue;
          minutes.delete(minute);
          this.bytes -= known?.bytes ?? MINUTE_BYTES;
        }
      }
    }
  }

  /** Leaves an alert alone for a while, as reading in vain takes long. */
  rest(id: number, until: Date): void {
    this.resting.set(id, until.getTime());
  }

  /** Whether an alert is left alone. */
  rests(id: number, now: Date): boolean {
    const until = this.resting.get(id);
    if (until === undefined || until > now.getTime()) return until !== undefined;
    this.resting.delete(id);
    return false;
  }

  private forget(): void {
    this.alerts.clear();
    this.bytes = 0;
    this.forgotIn = 0;
  }

  private forgetAlert(id: number): void {
    for (const known of this.alerts.get(id)?.minutes.values() ?? []) this.bytes -= known?.bytes ?? MINUTE_BYTES;
    this.alerts.delete(id);
  }

  /** @returns undefined where it is not known what the minute gave */
  minuteOf({ id, row }: CountingAlert, minute: number): Minute | null | undefined {
    const known = this.alerts.get(id);
    return known?.countedIn === row.countedIn ? known.minutes.get(minute) : undefined;
  }

  /** Takes down what a minute gave; where there is no room it is forgotten, and read when it is needed. */
  remember({ id, row: { countedIn } }: CountingAlert, minute: number, given: Minute | null): void {
    let known = this.alerts.get(id);
    if (known?.countedIn !== countedIn) {
      // It was made anew since, of the lines.
      this.forgetAlert(id);
      known = { countedIn, minutes: new Map() };
      this.alerts.set(id, known);
    }
    const before = known.minutes.get(minute);
    if (before !== undefined) this.bytes -= before?.bytes ?? MINUTE_BYTES;
    known.minutes.delete(minute);
    const bytes = given?.bytes ?? MINUTE_BYTES;
    if (this.bytes + bytes > LIMITS.alertMemoryBytes) return;
    known.minutes.set(minute, given);
    this.bytes += bytes;
  }

  /** @param watch as JSON */
  computedOf(id: number, watch: string): Computed | undefined {
    const known = this.computed.get(id);
    return known?.watch === watch ? known.computed : undefined;
  }

  rememberComputed(id: number, watch: string, computed: Computed): void {
    this.computed.set(id, { watch, computed });
  }
}

/** Windows that end from now on look at these, and late lines mostly touch them. */
const recentFrom = ({ row }: RunningAlert, now: Date): number =>
  now.getTime() - row.windowMinutes * MINUTE_MS - 2 * stepMsOf(row.windowMinutes);

/** About how many bytes a minute takes in memory whose groups are such a text. */
export const bytesOfText = (text: string): number => MINUTE_BYTES + text.length * CHARACTER_BYTES;

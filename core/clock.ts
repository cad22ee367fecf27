/** Where the current time comes from: passed in, so that a test sets it instead of waiting for it. */
export type Clock = { now(): Date };

export const systemClock: Clock = { now: () => new Date() };

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** The last moment that a Date can be (ECMA-262, "Time Values"): after all others. */
export const END_OF_TIME = new Date(8_640_000_000_000_000);

/** The start of the step that holds `time`. UTC has neither offsets nor daylight saving, so minutes, hours and days are plain multiples. */
export function floorTo(time: Date, stepMs: number): Date {
  return new Date(Math.floor(time.getTime() / stepMs) * stepMs);
}

/** The first step that starts at or after `time`. */
export function ceilTo(time: Date, stepMs: number): Date {
  return new Date(Math.ceil(time.getTime() / stepMs) * stepMs);
}

export function addMs(time: Date, ms: number): Date {
  return new Date(time.getTime() + ms);
}

import pino from "pino";

/**
 * What a line of the log says beside its message. These names only, so that an error is always under one that is written
 * whole: whoever logs it under another one is told so by the types.
 */
export type Facts = {
  error?: unknown;
  /** Several things of which any may be an error. */
  details?: readonly unknown[];
  /** Of a request. */
  path?: string;
  job?: string;
  listener?: string;
  reason?: string;
  detail?: string;
  address?: string;
};

type Log = (facts: Facts, message: string) => void;

/** Every place that logs does so by this. */
export type Logger = Readonly<Record<"debug" | "info" | "warn" | "error", Log>>;

/**
 * Cordwood's own log, one JSON object a line on standard error, so that standard output stays for people. Errors are
 * written with message, stack and causes: pino by itself knows only `err`, and writes any other as `{}`.
 * @param destination instead of standard error
 */
export function createLogger(level: string, destination: pino.DestinationStream = pino.destination(2)): Logger {
  const error = pino.stdSerializers.errWithCause;
  const details = (all: unknown) => (Array.isArray(all) ? all.map((one) => error(one)) : all);
  return pino(
    { level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime, serializers: { error, details } },
    destination,
  );
}

import pino from "pino";

export type Logger = pino.Logger;

/**
 * Cordwood's own log, one JSON object a line on standard error, so that standard output stays for people. Errors are
 * logged as `error`, or among others in the list `details`, with message, stack and causes: pino by itself knows only `err`, and writes any other as `{}`.
 * @param destination instead of standard error
 */
export function createLogger(level: string, destination: pino.DestinationStream = pino.destination(2)): Logger {
  const error = pino.stdSerializers.errWithCause;
  const details = (all: unknown) => (Array.isArray(all) ? all.map((one) => error(one)) : all);
  return pino(
    { level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime, serializers: { error, err: error, details } },
    destination,
  );
}

import pino from "pino";

export type Logger = pino.Logger;

/** Cordwood's own log, one JSON object a line on standard error, so that standard output stays for people. */
export function createLogger(level: string): Logger {
  return pino({ level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2));
}

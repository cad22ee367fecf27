const LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];

/** SeverityNumber's names by their number (OpenTelemetry, opentelemetry/proto/logs/v1/logs.proto). */
export const SEVERITY_NAMES: readonly string[] = [
  "SEVERITY_NUMBER_UNSPECIFIED",
  ...LEVELS.flatMap((level) => ["", "2", "3", "4"].map((step) => `SEVERITY_NUMBER_${level}${step}`)),
];

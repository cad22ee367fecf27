/**
 * Under which names senders give an entry's time, level, message and service: the first of an order wins, and the others
 * stay attributes. Any case of letters. Where no source is named, the name is in wide use without a specification.
 */
export const NAMES = {
  timestamp: [
    "timestamp",
    "@timestamp", // Elastic Common Schema, Logstash
    "time", // pino, bunyan, slog, logrus, zerolog, Docker's json-file
    "ts", // zap
    "@t", // CLEF
    "datetime", // Monolog
    "date", // Fluent Bit's out_http
    "eventTime",
    "asctime", // Python's logging
    "timeUnixNano", // OpenTelemetry
    "__REALTIME_TIMESTAMP", // systemd.journal-fields(7), microseconds
    "instant", // Log4j's JsonTemplateLayout: {epochSecond, nanoOfSecond}
  ],
  level: [
    "level",
    "severity", // Google Cloud Logging
    "lvl",
    "levelname", // Python's logging
    "level_name", // Monolog
    "log.level", // Elastic Common Schema
    "@l", // CLEF
    "SeverityText", // OpenTelemetry's log data model
    "severity_text",
    "logLevelName", // tslog
    "PRIORITY", // systemd.journal-fields(7), numbers of syslog
    "levelno", // Python's logging, 10 to 50
    "SeverityNumber", // OpenTelemetry's log data model, 1 to 24
    "severity_number",
  ],
  message: [
    "message",
    "msg", // pino, bunyan, slog, logrus, zap
    "@m", // CLEF, rendered
    "@mt", // CLEF, a template (messagetemplates.org)
    "log", // Docker, Fluent Bit
    "body", // OpenTelemetry's log data model
    "short_message", // GELF
    "event", // structlog
    "text",
  ],
  service: [
    "service",
    "service_name",
    "service.name", // Elastic Common Schema, OpenTelemetry's resources
    "app",
    "application",
    "SYSLOG_IDENTIFIER", // systemd.journal-fields(7)
    "container_name", // Fluentd's Docker driver
    "container.name", // Elastic Common Schema
    "unit",
    "name", // bunyan, whose lines also have hostname
  ],
} as const;

/**
 * Where one of them may stand a level deeper: the path, in the order in which they are tried when none of the names above
 * is there. What holds it stays among the attributes as it was sent.
 */
export const NESTED = {
  level: [["log", "level"]], // Elastic Common Schema
  message: [["fields", "message"]], // tracing-subscriber
  service: [
    ["service", "name"], // Elastic Common Schema
    ["container", "name"],
    ["kubernetes", "container_name"], // Fluent Bit's kubernetes filter
  ],
} as const;

/** bunyan's `name` is the service only beside it; alone it is a logger's. */
export const HOSTNAME = "hostname";

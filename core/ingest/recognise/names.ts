/**
 * Under which names senders give an entry's time, level, message and service: the first of an order wins, and the others
 * stay attributes. Any case of letters. A name with a dot may be written so, or as a member within a member:
 * `"log.level": "error"` and `"log": {"level": "error"}`; what holds it then stays an attribute as it was sent.
 * Where no source is named, the name is in wide use without a specification. docs/sending.md shows this table.
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
    "timeMillis", // Log4j's JsonLayout
    "time_iso8601", // nginx's variable of that name
    "time_local", // nginx's variable of that name
    "__REALTIME_TIMESTAMP", // systemd.journal-fields(7), microseconds
    "instant", // Log4j's JsonTemplateLayout: {epochSecond, nanoOfSecond}
    "datetime.date", // Monolog before its version 2, in the zone that stands beside it
    "_meta.date", // tslog
    "record.time.repr", // loguru
    "t.$date", // MongoDB
    "t", // Grafana's server, log15; where it is a time
  ],
  level: [
    "level",
    "severity", // Google Cloud Logging
    "lvl",
    "levelname", // Python's logging
    "level_name", // Monolog
    "log.level", // Elastic Common Schema
    "@l", // CLEF
    "@level", // hclog: Vault, Consul, Nomad
    "error_severity", // PostgreSQL's jsonlog
    "record.level.name", // loguru
    "SeverityText", // OpenTelemetry's log data model
    "severity_text",
    "logLevelName", // tslog
    "_meta.logLevelName", // tslog
    "LogLevel", // .NET's JSON console
    "PRIORITY", // systemd.journal-fields(7), numbers of syslog
    "levelno", // Python's logging, 10 to 50
    "SeverityNumber", // OpenTelemetry's log data model, 1 to 24
    "severity_number",
    "s", // MongoDB, beside its time only
  ],
  message: [
    "message",
    "msg", // pino, bunyan, slog, logrus, zap
    "@m", // CLEF, rendered
    "@message", // hclog
    "RenderedMessage", // Serilog's JsonFormatter
    "@mt", // CLEF, a template (messagetemplates.org)
    "MessageTemplate", // Serilog's JsonFormatter
    "record.message", // loguru, which has the whole line as text
    "log", // Docker, Fluent Bit
    "event", // structlog
    "body", // OpenTelemetry's log data model
    "body.Value", // OpenTelemetry's stdoutlog for Go
    "body.text", // OpenTelemetry's collector, to Elasticsearch
    "text",
    "short_message", // GELF
    "textPayload", // Google Cloud Logging
    "fields.message", // tracing-subscriber
    "jsonPayload.message", // Google Cloud Logging
  ],
  service: [
    "service",
    "service_name",
    "service.name", // Elastic Common Schema, OpenTelemetry's resources
    "app",
    "application",
    "SYSLOG_IDENTIFIER", // systemd.journal-fields(7)
    "container_name", // Fluentd's Docker driver
    "kubernetes.container_name", // Fluent Bit's kubernetes filter
    "kubernetes.container.name", // Filebeat, which has the runtime's name of it as container.name
    "container.name", // Elastic Common Schema
    "unit",
    "_SYSTEMD_UNIT", // systemd.journal-fields(7)
    "resource.service.name", // OpenTelemetry's resources
    "resource.attributes.service.name", // OpenTelemetry's console exporters
    "resource.k8s.container.name", // OpenTelemetry's collector, of what names no service
    "resource.k8s.deployment.name",
    "name", // bunyan, whose lines also have hostname
    "_index", // Elasticsearch, of what names no service
    "fluent_tag", // Fluentd's forward protocol, of what names no service
  ],
} as const;

/** bunyan's `name` is the service only beside it; alone it is a logger's. */
export const HOSTNAME = "hostname";

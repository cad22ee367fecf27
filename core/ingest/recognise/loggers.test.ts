import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { ingestOf, testDatabase } from "@/core/testing/test-database";

const context = testDatabase("2026-11-26T16:00:00.000Z");
beforeEach(() => context.db.execute(sql`truncate logs.logs`));

/** 2026-11-26T15:00:00.123456789Z, as each logger would write it. */
const SECONDS = 1_795_705_200;
const ISO_MS = "2026-11-26T15:00:00.123Z";
const ISO_NS = "2026-11-26T15:00:00.123456789Z";
const AT_SECOND = "2026-11-26 15:00:00+00";
const AT_MS = "2026-11-26 15:00:00.123+00";
const AT_US = "2026-11-26 15:00:00.123456+00";

/** Stores one line as it was sent and reads it back past the application. */
async function store(line: string) {
  const body = new Blob([line]).stream();
  await ingestOf(context).ingest({
    body,
    format: "ndjson",
    encodings: [],
    announcedBytes: 0,
    parameters: { service: "fallback" },
  });
  const { rows } = await context.db.execute(
    sql`select timestamp, service, level, message, attributes::text from logs.logs`,
  );
  expect(rows).toHaveLength(1);
  return rows[0];
}

const attributesOf = (row: Record<string, unknown> | undefined) => JSON.parse(String(row?.attributes));

/** Name, line, level, message, moment, service, names of the attributes that are left. */
const LINES: [string, string, string, string, string, string, string[]][] = [
  [
    "pino",
    `{"level":50,"time":${SECONDS}123,"pid":7,"hostname":"h1","msg":"payment failed","err":{"type":"Error"}}`,
    "error",
    "payment failed",
    AT_MS,
    "fallback",
    ["pid", "hostname", "err"],
  ],
  [
    "bunyan",
    `{"name":"orders","hostname":"h1","pid":7,"level":40,"msg":"slow query","time":"${ISO_MS}","v":0}`,
    "warning",
    "slow query",
    AT_MS,
    "orders",
    ["hostname", "pid", "v"],
  ],
  [
    "zap",
    `{"level":"error","ts":${SECONDS}.1234567,"caller":"pay/pay.go:88","msg":"charge refused","order":42}`,
    "error",
    "charge refused",
    "2026-11-26 15:00:00.123457+00",
    "fallback",
    ["caller", "order"],
  ],
  [
    "zerolog",
    `{"level":"warn","time":${SECONDS},"message":"retrying"}`,
    "warning",
    "retrying",
    AT_SECOND,
    "fallback",
    [],
  ],
  [
    "logrus",
    '{"level":"fatal","msg":"cannot bind port","time":"2026-11-26T17:00:00+02:00"}',
    "fatal",
    "cannot bind port",
    AT_SECOND,
    "fallback",
    [],
  ],
  [
    "slog",
    `{"time":"${ISO_NS}","level":"ERROR","msg":"write failed","path":"/var/lib/x"}`,
    "error",
    "write failed",
    AT_US,
    "fallback",
    ["path"],
  ],
  [
    "python-json-logger",
    '{"asctime":"2026-11-26 15:00:00,123","levelname":"CRITICAL","name":"billing","message":"ledger"}',
    "fatal",
    "ledger",
    AT_MS,
    "fallback",
    ["name"],
  ],
  [
    "Elastic Common Schema, dotted",
    `{"@timestamp":"${ISO_MS}","log.level":"ERROR","message":"no such user","service.name":"accounts","ecs.version":"1"}`,
    "error",
    "no such user",
    AT_MS,
    "accounts",
    ["ecs.version"],
  ],
  [
    "Elastic Common Schema, nested",
    `{"@timestamp":"${ISO_MS}","log":{"level":"error","logger":"x"},"message":"no","service":{"name":"accounts"}}`,
    "error",
    "no",
    AT_MS,
    "accounts",
    ["log", "service"],
  ],
  [
    "CLEF with a template",
    `{"@t":"${ISO_NS}","@mt":"{{x}} Order {Order:000} of {@Customer} to {Place}","@l":"Error","Order":42,"Customer":"ada"}`,
    "error",
    "{x} Order 42 of ada to {Place}",
    AT_US,
    "fallback",
    ["Order", "Customer", "message_template"],
  ],
  [
    "CLEF with a message and a template",
    `{"@t":"${ISO_NS}","@mt":"Order {Order}","@m":"Order 42","Order":42}`,
    "info",
    "Order 42",
    AT_US,
    "fallback",
    ["@mt", "Order"],
  ],
  [
    "Google Cloud",
    `{"severity":"CRITICAL","message":"quota exceeded","timestamp":{"seconds":${SECONDS},"nanos":123456789}}`,
    "fatal",
    "quota exceeded",
    AT_US,
    "fallback",
    [],
  ],
  [
    "Docker's json-file",
    `{"log":"listening on :8080\\n","stream":"stdout","time":"${ISO_NS}"}`,
    "info",
    "listening on :8080",
    AT_US,
    "fallback",
    ["stream"],
  ],
  [
    "journald",
    `{"MESSAGE":"Failed","PRIORITY":"3","__REALTIME_TIMESTAMP":"${SECONDS}123456","SYSLOG_IDENTIFIER":"systemd"}`,
    "error",
    "Failed",
    AT_US,
    "systemd",
    [],
  ],
  [
    "Fluent Bit",
    `{"date":${SECONDS}.5,"log":"GET /healthz 200","kubernetes":{"pod_name":"web-1","container_name":"web"}}`,
    "info",
    "GET /healthz 200",
    "2026-11-26 15:00:00.5+00",
    "web",
    ["kubernetes"],
  ],
  [
    "Log4j",
    `{"instant":{"epochSecond":${SECONDS},"nanoOfSecond":123456789},"level":"WARN","message":"m"}`,
    "warning",
    "m",
    AT_US,
    "fallback",
    [],
  ],
  [
    "tracing",
    `{"timestamp":"${ISO_MS}","level":"INFO","fields":{"message":"started","port":80},"target":"app"}`,
    "info",
    "started",
    AT_MS,
    "fallback",
    ["fields", "target"],
  ],
  [
    "OpenTelemetry",
    `{"timeUnixNano":"${SECONDS}123456789","SeverityNumber":17,"Body":"boom"}`,
    "error",
    "boom",
    AT_US,
    "fallback",
    [],
  ],
  ["Python's numbers", `{"time":${SECONDS},"levelno":40,"message":"boom"}`, "error", "boom", AT_SECOND, "fallback", []],
  [
    "Monolog",
    '{"message":"m","context":{"a":1},"level":400,"level_name":"ERROR","channel":"c","datetime":"2026-11-26T15:00:00+00:00"}',
    "error",
    "m",
    AT_SECOND,
    "fallback",
    ["a", "level_name", "channel"],
  ],
  [
    "a web server as PHP writes it",
    '{"time_local":"26\\/Nov\\/2026:15:00:00 +0000","message":"m"}',
    "info",
    "m",
    AT_SECOND,
    "fallback",
    [],
  ],
  ["MongoDB", `{"t":{"$date":"${ISO_MS}"},"s":"I","msg":"m"}`, "info", "m", AT_MS, "fallback", ["t"]],
  [
    ".NET's JSON console",
    `{"Timestamp":"${ISO_MS}","LogLevel":"Warning","Category":"c","Message":"m"}`,
    "warning",
    "m",
    AT_MS,
    "fallback",
    ["Category"],
  ],
  [
    "MongoDB, an error",
    `{"t":{"$date":"2026-11-26T16:00:00.123+01:00"},"s":"E","c":"NETWORK","id":1,"ctx":"conn1","msg":"m"}`,
    "error",
    "m",
    AT_MS,
    "fallback",
    ["t", "c", "id", "ctx"],
  ],
  [
    "MongoDB, wrapped by Docker",
    `{"log":"{\\"t\\":{\\"$date\\":\\"${ISO_MS}\\"},\\"s\\":\\"D2\\",\\"msg\\":\\"m\\"}\\n","stream":"stdout","time":"${ISO_NS}"}`,
    "debug",
    "m",
    AT_MS,
    "fallback",
    ["t", "stream", "time"],
  ],
  [
    "MongoDB, with a shipper's time",
    `{"@timestamp":"${ISO_MS}","t":{"$date":"2026-11-26T14:00:00Z"},"s":"W","msg":"m"}`,
    "warning",
    "m",
    AT_MS,
    "fallback",
    ["t"],
  ],
  [
    "another one that has an s, which is no level",
    `{"time":"${ISO_MS}","s":"E","msg":"m"}`,
    "info",
    "m",
    AT_MS,
    "fallback",
    ["s"],
  ],
  [
    "PostgreSQL's jsonlog",
    '{"timestamp":"2026-11-26 16:00:00.123 CET","pid":7,"error_severity":"ERROR","state_code":"42P01","message":"relation"}',
    "error",
    "relation",
    AT_MS,
    "fallback",
    ["pid", "state_code"],
  ],
  [
    "PostgreSQL's jsonlog, in a zone of several meanings",
    '{"timestamp":"2026-11-26 16:00:00.123 CST","error_severity":"DEBUG1","message":"m"}',
    "debug",
    "m",
    "2026-11-26 16:00:00+00",
    "fallback",
    ["timestamp_original"],
  ],
  [
    "hclog",
    '{"@level":"error","@message":"core: seal","@module":"core","@timestamp":"2026-11-26T16:00:00.123456+01:00","error":"x"}',
    "error",
    "core: seal",
    AT_US,
    "fallback",
    ["@module", "error"],
  ],
  [
    "loguru",
    `{"text":"2026 | ERROR | m\\n","record":{"level":{"icon":"x","name":"ERROR","no":40},"message":"m","name":"__main__","time":{"repr":"2026-11-26 16:00:00.123456+01:00","timestamp":${SECONDS}.123456}}}`,
    "error",
    "m",
    AT_US,
    "fallback",
    ["record", "text"],
  ],
  [
    "Serilog's JsonFormatter",
    '{"Timestamp":"2026-11-26T16:00:00.1234567+01:00","Level":"Error","MessageTemplate":"{Name} gone","RenderedMessage":"\\"a\\" gone","Properties":{"Name":"a"}}',
    "error",
    '"a" gone',
    AT_US,
    "fallback",
    ["MessageTemplate", "Properties"],
  ],
  [
    "Serilog's JsonFormatter, not rendered",
    `{"Timestamp":"${ISO_MS}","Level":"Fatal","MessageTemplate":"{Name} of {Order:000} {Gone}","Properties":{"Name":"a","Order":7}}`,
    "fatal",
    "a of 7 {Gone}",
    AT_MS,
    "fallback",
    ["Properties", "message_template"],
  ],
  [
    "OpenTelemetry's stdoutlog for Go",
    `{"Timestamp":"${ISO_NS}","ObservedTimestamp":"${ISO_NS}","Severity":17,"SeverityText":"ERROR","Body":{"Type":"String","Value":"boom"},"Attributes":[]}`,
    "error",
    "boom",
    AT_US,
    "fallback",
    ["ObservedTimestamp", "SeverityText", "Body", "Attributes"],
  ],
  [
    "OpenTelemetry's collector to Elasticsearch",
    `{"@timestamp":"${SECONDS}123.456","data_stream":{"type":"logs"},"severity_text":"Error","severity_number":17,"body":{"text":"boom"},"resource":{"attributes":{"service.name":"pay"}}}`,
    "error",
    "boom",
    AT_US,
    "pay",
    ["data_stream", "severity_number", "body", "resource"],
  ],
  [
    "the same with a body that is no text",
    `{"@timestamp":"${SECONDS}123","severity_text":"Error","body":{"structured":{"a":1}}}`,
    "error",
    `{"@timestamp":"${SECONDS}123","severity_text":"Error","body":{"structured":{"a":1}}}`,
    AT_MS,
    "fallback",
    ["body"],
  ],
  [
    "stdoutlog, whose 5 is debug and no notice",
    `{"Timestamp":"${ISO_MS}","Severity":5,"SeverityText":"","Body":{"Type":"String","Value":"m"}}`,
    "debug",
    "m",
    AT_MS,
    "fallback",
    ["SeverityText", "Body"],
  ],
  [
    "a severity that only OpenTelemetry has",
    `{"time":"${ISO_MS}","severity":21,"msg":"m"}`,
    "fatal",
    "m",
    AT_MS,
    "fallback",
    [],
  ],
  ["a severity of syslog", `{"time":"${ISO_MS}","severity":3,"msg":"m"}`, "error", "m", AT_MS, "fallback", []],
  [
    "Grafana's server",
    `{"level":"error","logger":"http","msg":"m","t":"2026-11-26T16:00:00.123456+01:00"}`,
    "error",
    "m",
    AT_US,
    "fallback",
    ["logger"],
  ],
  ["log15", `{"lvl":"eror","msg":"m","t":"${ISO_MS}"}`, "error", "m", AT_MS, "fallback", []],
  [
    "another one that has a t, which is no time",
    '{"level":"warn","msg":"m","t":"checkout"}',
    "warning",
    "m",
    "2026-11-26 16:00:00+00",
    "fallback",
    ["t"],
  ],
  [
    "another one that has a t, which is a number as text",
    '{"level":"warn","msg":"m","t":" 250 "}',
    "warning",
    "m",
    "2026-11-26 16:00:00+00",
    "fallback",
    ["t"],
  ],
  [
    "another one that has a t and an s, wrapped by Docker",
    `{"log":"{\\"level\\":\\"warn\\",\\"msg\\":\\"m\\",\\"t\\":\\"checkout\\",\\"s\\":\\"E\\"}\\n","stream":"stdout","time":"${ISO_MS}"}`,
    "warning",
    "m",
    AT_MS,
    "fallback",
    ["s", "t", "stream"],
  ],
  [
    "Vector, of a pod",
    `{"file":"/var/log/pods/x/0.log","kubernetes":{"container_name":"web","pod_name":"web-1"},"message":"m","source_type":"kubernetes_logs","stream":"stderr","timestamp":"${ISO_NS}"}`,
    "info",
    "m",
    AT_US,
    "web",
    ["file", "kubernetes", "source_type", "stream"],
  ],
  [
    "Vector, of a file with lines of JSON",
    `{"file":"/var/log/shop/app.log","host":"web1","message":"{\\"level\\":\\"error\\",\\"msg\\":\\"m\\"}","source_type":"file","timestamp":"${ISO_NS}"}`,
    "error",
    "m",
    AT_US,
    "fallback",
    ["file", "host", "source_type"],
  ],
  [
    "Monolog 1, in the zone that it names",
    '{"message":"m","level_name":"CRITICAL","datetime":{"date":"2026-11-26 16:00:00.123456","timezone_type":3,"timezone":"Europe/Berlin"}}',
    "fatal",
    "m",
    AT_US,
    "fallback",
    ["datetime"],
  ],
  [
    "Monolog 1, with an offset",
    '{"message":"m","level_name":"ERROR","datetime":{"date":"2026-11-26 20:30:00.000000","timezone_type":1,"timezone":"+05:30"}}',
    "error",
    "m",
    AT_SECOND,
    "fallback",
    ["datetime"],
  ],
  [
    "names in other letters, and one of them escaped",
    `{"TimeStamp":"${ISO_MS}","LEVEL":"debug","\\u006dsg":"m","Service":"S"}`,
    "debug",
    "m",
    AT_MS,
    "S",
    [],
  ],
];

test.each(LINES)(
  "given a line of %s, then its level, message, moment and service are read and the rest is kept",
  async (_, line, level, message, timestamp, service, names) => {
    const row = await store(line);
    expect(row).toMatchObject({ level, message, timestamp, service });
    expect(Object.keys(row?.attributes === null ? {} : attributesOf(row))).toEqual(names);
  },
);

test.each([
  [`{"@timestamp":"${ISO_MS}","message":"m","kubernetes":{"container":{"name":"web"},"pod":{"name":"web-1"}}}`, "web"],
  [`{"message":"m","container":{"id":"ab","name":"k8s_web_web-1"},"kubernetes":{"container":{"name":"web"}}}`, "web"],
  ['{"message":"m","resource":{"k8s.deployment.name":"shop","k8s.container.name":"web"}}', "web"],
  ['{"message":"m","resource":{"k8s.deployment.name":"shop"}}', "shop"],
  ['{"message":"m","resource":{"k8s.container.name":"web","service.name":"pay"}}', "pay"],
])("given %s, as shippers in Kubernetes send it, then the service is %s", async (line, service) => {
  expect(await store(line)).toMatchObject({ service });
});

test("given several names of a kind, whichever comes first, then the first of the order wins and the others are attributes", async () => {
  const names = ['"msg":"second"', '"message":"first"', '"text":"third"'];
  for (const order of [names, names.toReversed()]) {
    await context.db.execute(sql`truncate logs.logs`);
    const row = await store(`{${order.join()}}`);
    expect(row).toMatchObject({ message: "first" });
    expect(attributesOf(row)).toEqual({ msg: "second", text: "third" });
  }
});

test.each([
  ['{"severity":"error","lvl":"debug","log":{"level":"warn"}}', { level: "error" }],
  ['{"@l":"debug","log":{"level":"warn"}}', { level: "warning" }],
  ['{"app":"x","service":{"name":"y"}}', { service: "y" }],
  ['{"service.name":"y","container":{"name":"z"}}', { service: "y" }],
  ['{"resource":{"attributes":{"service.name":"y"}},"name":"z","hostname":"h"}', { service: "y" }],
])("given %s, then a name counts by its place in the order, at whatever depth it stands", async (line, expected) => {
  expect(await store(line)).toMatchObject(expected);
});

test("given a line that was taken by another one's name, then what it was taken from stays", async () => {
  const row = await store('{"@l":"debug","log":{"level":"warn"},"message":"m"}');
  expect(attributesOf(row)).toEqual({ "@l": "debug", log: { level: "warn" } });
});

test("given a name that holds something else, then it is an attribute", async () => {
  const line = '{"message":"m","event":{"kind":"x"},"app":{"id":1},"date":true,"body":[1],"unit":5}';
  const row = await store(line);
  expect(row).toMatchObject({ message: "m", service: "fallback" });
  expect(attributesOf(row)).toEqual({ event: { kind: "x" }, app: { id: 1 }, date: true, body: [1], unit: 5 });
});

test.each([
  ['{"user":7,"path":"/x"}', '{"user":7,"path":"/x"}'],
  ['{"message":null,"user":7}', '{"message":null,"user":7}'],
  ['{"message":{"a":1}}', '{"a":1}'],
  ['{"message":1.10}', "1.10"],
])("given the line %s, whose message is no text, then its message is %s", async (line, message) => {
  expect(await store(line)).toMatchObject({ message });
});

const SAMPLE = path.resolve("../shared/formats/loggers.json");

describe.runIf(existsSync(SAMPLE))("a sample of lines beside the project", () => {
  const caseSchema = z.object({
    name: z.string(),
    line: z.string(),
    level: z.string(),
    message: z.string(),
    service: z.string().optional(),
  });
  const cases = existsSync(SAMPLE)
    ? z.object({ cases: z.array(caseSchema) }).parse(JSON.parse(readFileSync(SAMPLE, "utf8"))).cases
    : [];
  /** The sample's placeholders, all of 2026-11-26T15:00:00.123456789Z or as much of it as they can say. */
  const moments: Record<string, [written: string, stored: string]> = {
    ms: [`${SECONDS}123`, AT_MS],
    us: [`${SECONDS}123456`, AT_US],
    sec: [`${SECONDS}`, AT_SECOND],
    sec_float: [`${SECONDS}.123`, AT_MS],
    iso_ms: [ISO_MS, AT_MS],
    iso_ns: [ISO_NS, AT_US],
    iso_offset: ["2026-11-26T17:00:00.123+02:00", AT_MS],
    iso_comma_space: ["2026-11-26 15:00:00,123", AT_MS],
  };

  test.each(cases)("$name", async ({ line, level, message, service = "fallback" }) => {
    const [, name = ""] = /\{\{(\w+)\}\}/.exec(line) ?? [];
    const [written = "", timestamp] = moments[name] ?? [];
    const row = await store(line.replaceAll(`{{${name}}}`, written));
    expect(row).toMatchObject({ level, message, service, timestamp });
  });
});

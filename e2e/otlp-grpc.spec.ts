import { credentials, Metadata } from "@grpc/grpc-js";
import { SeverityNumber } from "@opentelemetry/api-logs";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-grpc";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider, type LogRecordExporter } from "@opentelemetry/sdk-logs";
import { SenderServer } from "./sender-server";
import { expect, test } from "./test";

/** OpenTelemetry's SDK sends over gRPC, and what it is told is what it makes of it. */

const server = new SenderServer({ CORDWOOD_OTLP_GRPC_PORT: "0" });

type ExportResult = Parameters<Parameters<LogRecordExporter["export"]>[1]>[0];
/** Of @opentelemetry/core. */
const SUCCESS = 0;
const FAILED = 1;

// As its users set it.
process.env.OTEL_EXPORTER_OTLP_LOGS_COMPRESSION = "gzip";

const grpcUrl = () => `http://127.0.0.1:${/otlp_grpc listens on .*:(\d+)/.exec(server.output)?.[1]}`;

/** @param acknowledged gets the bodies of records that it was told to be stored */
function exporterOf(url: string, key: string, results: ExportResult[] = [], acknowledged: unknown[] = []) {
  const metadata = new Metadata();
  metadata.set("authorization", `Bearer ${key}`);
  const exporter = new OTLPLogExporter({
    url,
    metadata,
    credentials: credentials.createInsecure(),
    timeoutMillis: 60_000,
  });
  const told: LogRecordExporter = {
    export: (records, done) =>
      exporter.export(records, (result) => {
        results.push(result);
        if (result.code === SUCCESS) acknowledged.push(...records.map(({ body }) => body));
        done(result);
      }),
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
  };
  const provider = new LoggerProvider({
    resource: resourceFromAttributes({ "service.name": "grpc-pay", "host.name": "a1" }),
    processors: [new BatchLogRecordProcessor({ exporter: told, exportTimeoutMillis: 60_000 })],
  });
  return { provider, logger: provider.getLogger("my.library") };
}

test("given records, then they are found with time, level, resource and attributes", async () => {
  const results: ExportResult[] = [];
  const { provider, logger } = exporterOf(grpcUrl(), server.key, results);
  const at = new Date();
  logger.emit({
    timestamp: at,
    severityNumber: SeverityNumber.ERROR2,
    body: "charged",
    attributes: { "http.status": 502 },
  });
  await provider.shutdown();

  const [entry] = await server.entriesOf("grpc-pay");
  expect(entry).toMatchObject({
    level: "error",
    message: "charged",
    attributes: { "http.status": 502, resource: { "service.name": "grpc-pay", "host.name": "a1" } },
  });
  expect(new Date(String(entry?.timestamp)).getTime()).toBe(at.getTime());
  expect(results).toEqual([{ code: SUCCESS }]);
});

test("given a wrong key, then the exporter is told so and gives up at once", async () => {
  const results: ExportResult[] = [];
  const { provider, logger } = exporterOf(grpcUrl(), "wrong", results);
  logger.emit({ body: "not let in" });
  await provider.shutdown();

  expect(results).toMatchObject([{ code: FAILED, error: { message: expect.stringContaining("UNAUTHENTICATED") } }]);
});

test("given a server that is killed in the middle, then all that was acknowledged is there, and its exporter goes on", async () => {
  const url = grpcUrl();
  const acknowledged: unknown[] = [];
  const { provider, logger } = exporterOf(url, server.key, [], acknowledged);
  const emit = (from: number, end: number) => {
    for (let index = from; index < end; index++) logger.emit({ body: `line ${index}` });
  };
  emit(0, 300);
  await provider.forceFlush();
  await server.end("SIGKILL");
  emit(300, 600);
  // It tries again for some seconds, which may be over before the server is there.
  const flushed = provider.forceFlush();
  await server.begin({ CORDWOOD_OTLP_GRPC_PORT: new URL(url).port });
  await flushed;
  const before = acknowledged.length;
  let next = 600;
  const sendMore = async () => {
    emit(next, ++next);
    await provider.forceFlush();
    return acknowledged.length;
  };
  // A channel that could not connect for long waits for long.
  await expect.poll(sendMore, { timeout: 100_000 }).toBeGreaterThan(before);
  await provider.shutdown();

  const stored = (await server.entriesOf("grpc-pay")).map(({ message }) => message);
  expect(before).toBeGreaterThanOrEqual(300);
  expect(stored).toEqual(expect.arrayContaining(acknowledged));
});

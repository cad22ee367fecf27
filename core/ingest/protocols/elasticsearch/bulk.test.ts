import { expect, test } from "vitest";
import type { EntrySink } from "@/core/ingest/decode/decoder";
import { fuzz } from "@/core/testing/fuzz";
import { readEntries } from "@/core/testing/read-entries";
import { BulkDecoder } from "./bulk";

const bulk = (index = "") => {
  const made: BulkDecoder[] = [];
  const format = (sink: EntrySink) => {
    const decoder = new BulkDecoder(sink, index);
    made.push(decoder);
    return decoder;
  };
  return { format, items: () => made[0]?.takeItems() };
};

test("given actions with documents, then each document is an entry, of its index when it names no service", () => {
  const { format, items } = bulk("app-logs");
  const body = [
    '{"create":{}}',
    '{"@timestamp":"2026-11-26T15:00:00.123Z","message":"started","log.level":"warn"}',
    '{"index":{"_index":"other","_id":"7"}}',
    '{ "@timestamp":"2026-11-26T15:00:00.123Z", "message":"done", "service":{"name":"pay"} }',
    "",
  ].join("\n");

  expect(readEntries(format, [body])).toMatchObject([
    { message: "started", level: "warning", service: "app-logs", micros: "1795705200123000" },
    { message: "done", service: "pay", attributes: { _index: "other" } },
  ]);
  expect(items()).toEqual([
    { action: "create", index: "app-logs", id: null },
    { action: "index", index: "other", id: "7" },
  ]);
});

test("given a service that the request says, then it counts before the index, which stays, and after what a document says", () => {
  const body = ['{"create":{}}', '{"message":"a"}', '{"create":{}}', '{"message":"b","service":"pay"}', ""].join("\n");

  expect(readEntries(bulk("app-logs").format, [body], { service: "shop" })).toMatchObject([
    { service: "shop", attributes: { _index: "app-logs" } },
    { service: "pay" },
  ]);
});

/** As libbeat's output writes it: the time and the fields of an event, an index of its own. */
const ofFilebeat = (more: object) => [
  JSON.stringify({ create: { _index: "filebeat-8.17.0" } }),
  JSON.stringify({
    "@timestamp": "2026-11-26T15:00:00.123Z",
    input: { type: "filestream" },
    log: { offset: 4711, file: { path: "/var/log/shop/app.log", inode: "12", device_id: "3" } },
    host: { name: "web1" },
    agent: { type: "filebeat", version: "8.17.0", name: "web1", id: "a", ephemeral_id: "b" },
    ecs: { version: "8.0.0" },
    ...more,
  }),
];

test("given what Filebeat sends, with its field for the service, in Kubernetes, and with neither, then each has its service and time", () => {
  const kubernetes = {
    container: { name: "web", image: "web:1" },
    pod: { name: "web-1", uid: "u" },
    namespace: "shop",
    node: { name: "n1" },
    labels: { app: "web" },
  };
  const line = '{"level":"error","msg":"card declined","time":"2026-11-26T14:59:59.5Z","order":42}';
  const body = [
    ...ofFilebeat({ service: { name: "shop" }, message: "started" }),
    ...ofFilebeat({ kubernetes, stream: "stderr", container: { id: "ab", runtime: "containerd" }, message: line }),
    ...ofFilebeat({ message: "plain" }),
    "",
  ].join("\n");

  expect(readEntries(bulk().format, [body])).toMatchObject([
    {
      micros: "1795705200123000",
      service: "shop",
      level: "info",
      message: "started",
      attributes: { host: { name: "web1" }, log: { offset: 4711 }, _index: "filebeat-8.17.0" },
    },
    {
      micros: "1795705199500000",
      service: "web",
      level: "error",
      message: "card declined",
      attributes: { order: 42, stream: "stderr", kubernetes },
    },
    { micros: "1795705200123000", service: "filebeat-8.17.0", message: "plain" },
  ]);
});

test("given what can't be taken, then it is rejected alone, in its place", () => {
  const { format, items } = bulk("i");
  const body = [
    '{"delete":{"_id":"1"}}',
    '{"update":{"_id":"1"}}',
    '{"doc":{}}',
    "not an action",
    '{"create":{}}',
    '{"message":',
    '{"create":{}}',
    '{"message":"good"}',
    '{"create":{}}',
  ].join("\n");

  const found = readEntries(format, [body]);

  expect(found).toMatchObject([
    expect.stringContaining("delete is not taken"),
    expect.stringContaining("update is not taken"),
    expect.stringContaining("a line with an action must be"),
    expect.stringContaining("not JSON"),
    { message: "good" },
    "the document of the action is missing",
  ]);
  expect(items()?.map(({ action }) => action)).toEqual(["delete", "update", "index", "create", "create", "create"]);
});

test("given an empty document, then it is rejected as every empty entry is", () => {
  const { format } = bulk();

  expect(readEntries(format, ['{"create":{}}\n{}\n'])).toEqual(["an entry must not be empty"]);
});

test("given any bytes, then they are read or refused with a reason", () => {
  const body = '{"create":{"_id":"a"}}\n{"message":"m","n":[1]}\n{"index":{"_index":"i"}}\n{"log.level":"warn"}\n';
  fuzz(bulk("logs").format, body);
});

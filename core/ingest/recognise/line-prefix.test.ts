import { describe, expect, test } from "vitest";
import { levelIndex } from "@/core/ingest/level";
import { LEVELS } from "@/core/levels";
import { readLinePrefix } from "./line-prefix";
import { readTime } from "./read-time";

const NOW = Date.parse("2026-11-26T16:00:00Z");
/** 2026-11-26T15:00:00Z. */
const AT = 1_795_705_200_000_000;
const MS = AT + 123_000;

function read(line: string) {
  const { timestamp, level, isStart } = readLinePrefix(line, NOW);
  const time = Buffer.from(timestamp ?? "");
  const name = Buffer.from(level ?? "");
  return {
    micros: timestamp === undefined ? null : readTime(time, 0, time.length),
    level: level === undefined ? null : (LEVELS[levelIndex(name, 0, name.length)] ?? level),
    isStart,
  };
}

describe("given a line as programs write it, then its time and level are read", () => {
  test.each<[who: string, line: string, micros: number | null, level: string | null]>([
    ["Spring Boot", "2026-11-26T17:00:00.123+02:00  INFO 12 --- [           main] c.e.Shop : Started", MS, "info"],
    ["Logback with a date", "2026-11-26 15:00:00,123 [http-nio-8080-exec-1] ERROR c.e.Pay - refused", MS, "error"],
    ["Logback's default", "15:00:00.123 [main] WARN  com.example.Foo - slow", null, "warning"],
    ["Python's logging", "2026-11-26 15:00:00,123 - billing.ledger - CRITICAL - out of balance", MS, "fatal"],
    ["Python's logging with spaces", "2026-11-26 15:00:00,123 billing CRITICAL out of balance", MS, "fatal"],
    ["Python's basic format", "WARNING:root:disk full", null, "warning"],
    ["Tornado", "[E 2026-11-26 15:00:00.123 ServerApp] failed", MS, "error"],
    ["Rust's env_logger", "[2026-11-26T15:00:00Z ERROR shop::pay] refused", AT, "error"],
    ["Rust's tracing", "2026-11-26T15:00:00.123000Z  WARN shop: slow", MS, "warning"],
    ["Go's log", "2026/11/26 15:00:00 listening on :8080", AT, null],
    ["logrus and Go kit", 'time="2026-11-26T15:00:00Z" level=error msg="boom"', AT, "error"],
    ["logfmt with the level first", "level=warn ts=2026-11-26T15:00:00.123Z caller=a.go:1", MS, "warning"],
    ["klog", "E1126 15:00:00.123000       1 reflector.go:138] failed", MS, "error"],
    ["Laravel", "[2026-11-26 15:00:00] production.ERROR: SQLSTATE", AT, "error"],
    ["Rails", "E, [2026-11-26T15:00:00.123000 #12] ERROR -- : boom", MS, "error"],
    ["Symfony", "[2026-11-26T15:00:00.123000+00:00] app.WARNING: slow [] []", MS, "warning"],
    [".NET's console", "fail: Shop.Pay[0]", null, "error"],
    [".NET's console, below", "info: Microsoft.Hosting.Lifetime[14]", null, "info"],
    ["Serilog", "[15:00:00 ERR] boom", null, "error"],
    ["Serilog's file", "2026-11-26 17:00:00.123 +02:00 [WRN] slow", MS, "warning"],
    ["nginx's error log", "2026/11/26 15:00:00 [error] 7#7: *1 open() failed", AT, "error"],
    ["nginx's access log", '10.0.0.1 - - [26/Nov/2026:15:00:00 +0000] "GET / HTTP/1.1" 200 12', AT, null],
    ["Apache's error log", "[Thu Nov 26 15:00:00.123000 2026] [core:error] [pid 1] File does not exist", MS, "error"],
    ["PostgreSQL", "2026-11-26 15:00:00.123 UTC [12] shop@db ERROR:  relation does not exist", MS, "error"],
    ["MySQL", "2026-11-26T15:00:00.123000Z 0 [Warning] [MY-010] [Server] insecure", MS, "warning"],
    ["Redis", "1:M 26 Nov 2026 15:00:00.123 * Ready to accept connections", MS, null],
    ["Kafka", "[2026-11-26 15:00:00,123] ERROR [Broker id=1] failed (kafka.Server)", MS, "error"],
    ["Tomcat", "26-Nov-2026 15:00:00.123 SEVERE [main] org.apache.X failed", MS, "error"],
    ["syslog's file", "Nov 26 15:00:00 web1 nginx[12]: upstream gone", AT, null],
    ["syslog's file, of the last year", "Dec 31 15:00:00 web1 app: x", Date.parse("2025-12-31T15:00:00Z") * 1000, null],
    ["a day of one digit", "Nov  6 15:00:00 web1 app: x", Date.parse("2026-11-06T15:00:00Z") * 1000, null],
    ["a service of systemd", "<3>disk full", null, "error"],
    ["a relay", "<11>Nov 26 15:00:00 web1 app: x", AT, "error"],
    ["logcat", "11-26 15:00:00.123  1234  5678 E ActivityManager: died", MS, "error"],
    ["Squid", "1795705200.123    56 10.0.0.1 TCP_MISS/200 1 GET http://x/", MS, null],
    ["date and ctime", "Thu Nov 26 15:00:00 2026 daemon started", AT, null],
    ["a shell script", "ERROR: no such file", null, "error"],
    ["another one", "[warn] retrying", null, "warning"],
    ["Node.js", "TypeError: x is not a function", null, "error"],
    ["Go, when it panics", "panic: runtime error: index out of range", null, "fatal"],
  ])("%s", (_, line, micros, level) => {
    expect(read(line)).toMatchObject({ micros, level });
  });
});

test.each([
  "listening on port 8080",
  "Error handling was improved",
  "no ERROR here",
  "information is power",
  "2026-11-26 was a Thursday",
  "GET /error: 404",
  "http: TLS handshake failed",
  "12:00 is noon",
  "1126 things",
  "a=b",
  "",
])("given the line %j, then nothing is read of it", (line) => {
  expect(read(line)).toEqual({ micros: null, level: null, isStart: false });
});

test.each([
  ["2026-11-26 15:00:00 user bob saw an ERROR once", AT],
  ["2026-11-26T15:00:00Z he asked for INFO", AT],
])("given a time and a message with a word for a level in it: %j, then it is no level", (line, micros) => {
  expect(read(line)).toEqual({ micros, level: null, isStart: true });
});

test("given a date that there is none of, then it is no time", () => {
  expect(read("2026-02-30 15:00:00 ERROR x").micros).toBeNull();
});

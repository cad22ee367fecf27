import { ExtData, encode } from "@msgpack/msgpack";
import type { GeneratedLine } from "@/bench/generate-lines";
import type { EntrySink } from "@/core/ingest/decode/decoder";
import { forwardEvents } from "@/core/ingest/protocols/forward/forward-events";
import { ForwardFrames } from "@/core/ingest/protocols/forward/forward-frames";
import { readForward } from "@/core/ingest/protocols/forward/read-forward";
import { eachFrame, type FoundFrames, SyslogFrames } from "@/core/ingest/protocols/syslog/syslog-frames";
import { syslogWriter } from "@/core/ingest/protocols/syslog/syslog-messages";
import { mayHaveKey } from "@/core/ingest/protocols/syslog/take-key";
import { LIMITS } from "@/core/limits";
import { journalBody } from "@/core/testing/journal-body";
import { flatAttributes, syslogSeverity, type Wire } from "./wire";

/** Of syslog's local0. */
const FACILITY = 16;
const CHUNK_BYTES = 64 * 1024;

/** RFC 5424 with structured data, each message with its length before it. */
function syslog(lines: readonly GeneratedLine[]): Buffer {
  const messages = lines.map((line) => {
    const { host, ...attributes } = flatAttributes(line);
    const data = Object.entries(attributes).map(([name, value]) => `${name}="${value}"`);
    const header = `<${FACILITY * 8 + syslogSeverity(line)}>1 ${line.timestamp.toISOString()} ${host} ${line.service} 42 -`;
    const message = `${header} [line@32473 ${data.join(" ")}] ${line.message}`;
    return `${Buffer.byteLength(message)} ${message}`;
  });
  return Buffer.from(messages.join(""));
}

function syslogDecoder(sink: EntrySink) {
  const frames = new SyslogFrames();
  const writer = syslogWriter({ address: "127.0.0.1", timeZone: "UTC", haveKeys: false }, Date.now(), sink);
  const write = (found: FoundFrames) => {
    if (mayHaveKey(found.bytes)) throw new Error("a line has what could be a key");
    eachFrame(found, writer);
  };
  return {
    // As many at once as a socket gives.
    push(chunk: Buffer) {
      for (let from = 0; from < chunk.length; from += CHUNK_BYTES)
        write(frames.push(chunk.subarray(from, from + CHUNK_BYTES)));
    },
    finish: () => write(frames.finish()),
  };
}

const eventTime = ({ timestamp }: GeneratedLine): ExtData => {
  const bytes = Buffer.alloc(8);
  const ms = timestamp.getTime();
  bytes.writeUInt32BE(Math.floor(ms / 1000));
  bytes.writeUInt32BE((ms % 1000) * 1e6, 4);
  return new ExtData(0, bytes);
};

let chunks = 0;

/** A packed message that waits for its acknowledgement, as Fluent Bit and Fluentd send them. */
function forward(lines: readonly GeneratedLine[]): Buffer {
  const events = lines.map((line) => {
    const { level, service, message } = line;
    return encode([eventTime(line), { level, service, message, ...JSON.parse(line.attributes) }]);
  });
  const options = { chunk: `bench-${process.pid}-${chunks++}`, size: lines.length };
  return Buffer.from(encode(["shop", Buffer.concat(events), options]));
}

function forwardDecoder(sink: EntrySink) {
  const frames = new ForwardFrames();
  const write = (bytes: Buffer) => {
    const message = readForward(bytes);
    if (!("events" in message)) return;
    const decoder = forwardEvents(message.tag)(sink);
    decoder.push(message.events);
    decoder.finish();
  };
  return {
    push(chunk: Buffer) {
      for (const frame of frames.push(chunk, () => LIMITS.forwardMessageBytes)) write(frame);
    },
    finish: () => undefined,
  };
}

/** Entries of a service that logs fields of its own to the journal. */
function journal(lines: readonly GeneratedLine[]): Buffer {
  const entries = lines.map((line, index) => {
    const { host, ...attributes } = flatAttributes(line, "_");
    const fields = {
      __CURSOR: `s=739ad463348b4ceca5a9e69c95a3c93f;i=${index.toString(16)};b=6c7c6013a26343b29e964691ff25d04c`,
      __REALTIME_TIMESTAMP: `${line.timestamp.getTime()}000`,
      __MONOTONIC_TIMESTAMP: String(index),
      _BOOT_ID: "6c7c6013a26343b29e964691ff25d04c",
      _HOSTNAME: host,
      PRIORITY: syslogSeverity(line),
      SYSLOG_IDENTIFIER: line.service,
      ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name.toUpperCase(), value])),
      MESSAGE: line.message,
    };
    return `${Object.entries(fields)
      .map(([name, value]) => `${name}=${value}\n`)
      .join("")}\n`;
  });
  return Buffer.from(entries.join(""));
}

export const LISTENERS: readonly Wire[] = [
  {
    protocol: "syslog",
    form: "RFC 5424 over TCP",
    kind: "binary",
    body: syslog,
    decoder: syslogDecoder,
    to: { listener: "syslog_tcp", variable: "CORDWOOD_SYSLOG_PORT", isAcknowledged: false },
  },
  {
    protocol: "forward",
    form: "packed",
    kind: "binary",
    body: forward,
    decoder: forwardDecoder,
    to: { listener: "forward", variable: "CORDWOOD_FORWARD_PORT", isAcknowledged: true },
  },
  {
    protocol: "journald",
    form: "export",
    kind: "binary",
    body: journal,
    decoder: journalBody,
    to: { path: "/upload", headers: { "content-type": "application/vnd.fdo.journal" } },
  },
];

import { snappyUncompress } from "hysnappy";
import { invalid, tooLarge } from "@/core/errors";
import type { Decoder, EntrySink } from "@/core/ingest/decode/decoder";
import { EntryText, memberName } from "@/core/ingest/protocols/entry-text";
import { ProtobufMessage } from "@/core/ingest/protocols/protobuf";
import { WholeBody } from "@/core/ingest/protocols/whole-body";
import { LIMITS } from "@/core/limits";
import { labelMembers, parseLabels } from "./labels";

const TIMESTAMP = memberName("timestamp");
const MESSAGE = memberName("message");
const NO_LABELS = new EntryText();
const NANOS_OF_SECOND = 1_000_000_000;
const NANOSECOND_DIGITS = 9;

/** A PushRequest in protocol buffers, compressed by Snappy's block format (Grafana Loki, pkg/push/push.proto). */
export const lokiProtobuf = (sink: EntrySink): Decoder =>
  new WholeBody((body) => {
    const push = uncompress(body);
    new Push(new ProtobufMessage(push), sink).read(push.length);
  });

/** @throws Fault invalid, too_large by what the compressed bytes announce, before anything is made of them */
function uncompress(body: Buffer): Buffer {
  if (body.length === 0) return body;
  const bytes = announcedBytes(body);
  if (bytes > LIMITS.bodyBytes) throw tooLarge(`the body is larger than ${LIMITS.bodyBytes} bytes; send it in parts`);
  try {
    const { buffer, byteOffset, byteLength } = snappyUncompress(body, bytes);
    return Buffer.from(buffer, byteOffset, byteLength);
  } catch {
    throw invalid("the body is not compressed by Snappy, as protocol buffers of Loki are");
  }
}

/** A varint at the beginning (Snappy, "Snappy compressed format description"). */
function announcedBytes(body: Buffer): number {
  let bytes = 0;
  for (let at = 0; at < 5; at++) {
    const byte = body[at] ?? 0;
    bytes += (byte & 0x7f) * 2 ** (7 * at);
    if (byte < 0x80) break;
  }
  return bytes;
}

class Push {
  private readonly text = new EntryText();

  constructor(
    private readonly message: ProtobufMessage,
    private readonly sink: EntrySink,
  ) {}

  read(end: number): void {
    const { message } = this;
    while (message.next(end)) {
      if (message.number === 1) this.readStream(message.enter());
      else message.skip();
    }
  }

  /** The labels may stand behind the entries. */
  private readStream(end: number): void {
    const { message } = this;
    let labels = NO_LABELS;
    const entries: number[] = [];
    while (message.next(end)) {
      if (message.number === 1) labels = labelMembers(parseLabels(message.text()));
      else if (message.number === 2) {
        message.bytes();
        entries.push(message.from, message.end);
      } else message.skip();
    }
    for (let at = 0; at < entries.length; at += 2) {
      message.goTo(entries[at] as number);
      this.readEntry(entries[at + 1] as number, labels);
    }
    message.goTo(end);
  }

  private readEntry(end: number, labels: EntryText): void {
    const { message, text } = this;
    let time = "0";
    let lineFrom = 0;
    let lineEnd = 0;
    text.beginWith(labels);
    while (message.next(end)) {
      if (message.number === 1) time = this.nanoseconds(message.enter());
      else if (message.number === 2) {
        message.bytes();
        lineFrom = message.from;
        lineEnd = message.end;
      } else if (message.number === 3) this.addLabel(message.enter());
      else message.skip();
    }
    text.name(TIMESTAMP).plain(time).name(MESSAGE).stringOf(message.source, lineFrom, lineEnd).end(this.sink);
  }

  /** Of google.protobuf.Timestamp: seconds, nanoseconds. @returns digits */
  private nanoseconds(end: number): string {
    const { message } = this;
    let seconds = 0;
    let nanoseconds = 0;
    while (message.next(end)) {
      if (message.number === 1) seconds = message.integer();
      else if (message.number === 2) nanoseconds = message.integer();
      else message.skip();
    }
    const isUsual = seconds > 0 && nanoseconds >= 0 && nanoseconds < NANOS_OF_SECOND;
    if (isUsual) return seconds + String(nanoseconds).padStart(NANOSECOND_DIGITS, "0");
    return String(BigInt(seconds) * BigInt(NANOS_OF_SECOND) + BigInt(nanoseconds));
  }

  private addLabel(end: number): void {
    const { message, text } = this;
    let nameFrom = 0;
    let nameEnd = 0;
    let valueFrom = 0;
    let valueEnd = 0;
    while (message.next(end)) {
      if (message.number === 1) {
        message.bytes();
        nameFrom = message.from;
        nameEnd = message.end;
      } else if (message.number === 2) {
        message.bytes();
        valueFrom = message.from;
        valueEnd = message.end;
      } else message.skip();
    }
    text.namedByBytes(message.source, nameFrom, nameEnd).stringOf(message.source, valueFrom, valueEnd);
  }
}

import { invalid } from "@/core/errors";
import type { EntryText } from "@/core/ingest/protocols/entry-text";
import type { ProtobufMessage } from "@/core/ingest/protocols/protobuf";
import { LIMITS } from "@/core/limits";
import type { LogRecord } from "./log-record";

/** Writes a KeyValue as a member of the object that is open. @param end where the message ends @param record whose attribute it is */
export function writeAttribute(
  message: ProtobufMessage,
  end: number,
  text: EntryText,
  depth: number,
  record?: LogRecord,
): void {
  let keyFrom = 0;
  let keyEnd = 0;
  let valueFrom = 0;
  let valueEnd = 0;
  while (message.next(end)) {
    if (message.number === 1) {
      message.bytes();
      keyFrom = message.from;
      keyEnd = message.end;
    } else if (message.number === 2) {
      message.bytes();
      valueFrom = message.from;
      valueEnd = message.end;
    } else message.skip();
  }
  text.namedByBytes(message.source, keyFrom, keyEnd);
  record?.named(message.source, keyFrom, keyEnd);
  message.goTo(valueFrom);
  writeValue(message, valueEnd, text, depth);
  message.goTo(end);
}

/**
 * Of an AnyValue; one without anything is null.
 * @throws Fault invalid when it is nested deeper than attributes may be
 */
export function writeValue(message: ProtobufMessage, end: number, text: EntryText, depth: number): void {
  if (depth > LIMITS.attributesDepth) throw invalid(`nested deeper than ${LIMITS.attributesDepth} levels`);
  let isWritten = false;
  while (message.next(end)) {
    if (isWritten || message.number < 1 || message.number > 7) message.skip();
    else {
      writeKind(message, text, depth);
      isWritten = true;
    }
  }
  if (!isWritten) text.plain("null");
}

function writeKind(message: ProtobufMessage, text: EntryText, depth: number): void {
  switch (message.number) {
    case 1:
      message.bytes();
      text.stringOf(message.source, message.from, message.end);
      return;
    case 2:
      text.plain(message.integer() === 0 ? "false" : "true");
      return;
    case 3:
      message.writeDigits(text);
      return;
    case 4: {
      const number = message.double();
      text.plain(Number.isFinite(number) ? String(number) : `"${number}"`);
      return;
    }
    case 5:
      writeArray(message, message.enter(), text, depth + 1);
      return;
    case 6:
      writeMembers(message, message.enter(), text, depth + 1);
      return;
    default:
      message.bytes();
      text.string(message.source.toString("base64", message.from, message.end));
  }
}

function writeArray(message: ProtobufMessage, end: number, text: EntryText, depth: number): void {
  text.openArray();
  while (message.next(end)) {
    if (message.number === 1) writeValue(message, message.enter(), text.element(), depth);
    else message.skip();
  }
  text.closeArray();
}

function writeMembers(message: ProtobufMessage, end: number, text: EntryText, depth: number): void {
  text.open();
  while (message.next(end)) {
    if (message.number === 1) writeAttribute(message, message.enter(), text, depth);
    else message.skip();
  }
  text.close();
}

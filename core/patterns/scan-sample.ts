import { CARRIAGE_RETURN, NEWLINE, OPEN_BRACE, SPACE } from "@/core/ascii";
import { cutUtf8 } from "@/core/ingest/cut-utf8";
import { LIMITS } from "@/core/limits";
import { Scanner } from "./scan-message";
import { headOf, stackFrames } from "./stack-frames";
import type { Tokens } from "./tokens";

/** Bytes at the end of a sample that was cut in which a space is looked for. */
const LONGEST_CUT = 100;
/** Of a long message with a traceback of Python, whose end says what happened. */
const TRACEBACK = Buffer.from("Traceback (most recent call last)");
const TRACEBACK_HEAD_BYTES = 256;
const OMITTED = Buffer.from("\n  ...\n");

const scanner = new Scanner();
const encoder = new TextEncoder();

/**
 * What tells a message apart: its first LIMITS.patternSampleBytes bytes, ending on a whole character; of a long traceback of
 * Python the beginning and the end. The fingerprint is one of the sample, so it can be made again from what is stored.
 */
export function patternSample(message: Uint8Array): Uint8Array {
  const most = LIMITS.patternSampleBytes;
  if (message.length <= most) return message;
  if (!startsWith(message, TRACEBACK)) return message.subarray(0, cutUtf8(message, most));
  let tail = message.length - (most - TRACEBACK_HEAD_BYTES - OMITTED.length);
  while (tail < message.length && ((message[tail] as number) & 0xc0) === 0x80) tail++;
  const head = message.subarray(0, cutUtf8(message, TRACEBACK_HEAD_BYTES));
  return Buffer.concat([head, OMITTED, message.subarray(tail)]);
}

/** What of a sample says what happened: `source` is what the tokens stand in. */
export type ScannedSample = { source: Uint8Array; tokens: Tokens; frames: readonly string[] };

const NO_FRAMES: readonly string[] = [];

/** @returns what the next scan overwrites */
export function scanSample(sample: Uint8Array): ScannedSample {
  if (sample[0] === OPEN_BRACE) {
    const member = messageMember(sample);
    if (member) return { source: member, tokens: scanner.scan(member, 0, member.length), frames: NO_FRAMES };
  }
  const end = firstLineEnd(sample);
  if (end === sample.length) {
    return { source: sample, tokens: scanner.scan(sample, 0, wholeWordsEnd(sample)), frames: NO_FRAMES };
  }
  const { head, trace } = headOf(Buffer.from(sample).toString("utf8"));
  const line = encoder.encode(head);
  return { source: line, tokens: scanner.scan(line, 0, line.length), frames: stackFrames(trace) };
}

/** The message in a line of JSON, its escapes as they are. */
function messageMember(sample: Uint8Array): Uint8Array | null {
  const text = Buffer.from(sample).toString("latin1");
  const found = /"(?:message|msg|error)"\s*:\s*"((?:[^"\\]|\\.){1,2000})"/.exec(text)?.[1];
  return found === undefined ? null : Buffer.from(found, "latin1");
}

function startsWith(source: Uint8Array, start: Uint8Array): boolean {
  return start.every((byte, at) => source[at] === byte);
}

function firstLineEnd(sample: Uint8Array): number {
  for (let at = 0; at < sample.length; at++) if (sample[at] === NEWLINE || sample[at] === CARRIAGE_RETURN) return at;
  return sample.length;
}

/** Leaves out a word that the bound cuts in two. */
function wholeWordsEnd(sample: Uint8Array): number {
  if (sample.length < LIMITS.patternSampleBytes - LONGEST_CUT) return sample.length;
  for (let at = sample.length; at > sample.length - LONGEST_CUT; at--) if (sample[at - 1] === SPACE) return at;
  return sample.length;
}

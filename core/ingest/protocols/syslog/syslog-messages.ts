import type { Decoder, EntrySink } from "@/core/ingest/decode/decoder";
import { EntryText } from "@/core/ingest/protocols/entry-text";
import { FrameDecoder } from "@/core/ingest/protocols/frames";
import { PlainRfc5424 } from "./plain-rfc5424";
import { readSyslog } from "./read-syslog";
import { takeKey } from "./take-key";
import { writeSyslog } from "./write-syslog";

/** What holds for all messages of one sender. */
export type SyslogSender = {
  address: string;
  /** Of times without one. */
  timeZone: string;
  /** Its messages bring a key. */
  haveKeys: boolean;
};

/** Writes messages one after the other as entries, without the keys that they bring. @param nowMs for times without a year */
export function syslogWriter({ address, timeZone, haveKeys }: SyslogSender, nowMs: number, sink: EntrySink) {
  const text = new EntryText();
  const plain = new PlainRfc5424();
  const times = { nowMs, timeZone };
  return (bytes: Buffer): void => {
    if (haveKeys) writeSyslog(takeKey(readSyslog(bytes, times)).message, address, text, sink);
    else if (!plain.write(bytes, address, text, sink)) writeSyslog(readSyslog(bytes, times), address, text, sink);
  };
}

/** Messages of syslog in Frames. */
export const syslogMessages =
  (sender: SyslogSender, nowMs: number) =>
  (sink: EntrySink): Decoder => {
    const write = syslogWriter(sender, nowMs, sink);
    return new FrameDecoder(sink, (source, from, end) => write(source.subarray(from, end)));
  };

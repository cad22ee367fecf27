import type { Decoder, EntrySink } from "@/core/ingest/decode/decoder";

/** Collects what a decoder hands on: entries parsed, reasons as errors. */
class Collector implements EntrySink {
  readonly seen: unknown[] = [];

  entry(source: Buffer, from: number, end: number): void {
    const text = source.toString("utf8", from, end);
    try {
      this.seen.push(JSON.parse(text));
    } catch {
      this.seen.push(new SyntaxError(text));
    }
  }

  rejected(reason: string): void {
    this.seen.push(new Error(reason));
  }
}

/** Pushes `bytes` in pieces that end at the cuts, each modulo the length. */
export function decodeWith(make: (sink: EntrySink) => Decoder, bytes: Buffer, cuts: readonly number[]): unknown[] {
  const collector = new Collector();
  const decoder = make(collector);
  let from = 0;
  for (const cut of [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)) {
    if (cut > from) decoder.push(Buffer.from(bytes.subarray(from, cut)));
    from = Math.max(from, cut);
  }
  decoder.finish();
  return collector.seen;
}

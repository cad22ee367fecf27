import { z } from "zod";
import { invalid } from "@/core/errors";
import type { Markers } from "@/core/ingest/place-attributes";
import { LIMITS } from "@/core/limits";
import type { Decoder, EntrySink } from "./decoder";
import { JsonDocumentDecoder } from "./json-document";

const slugSchema = z.string().min(1).max(LIMITS.serviceCharacters).optional();

type Found = { entry: Buffer } | { reason: string };

/**
 * The document of POST /api/logs/batch: `{"project_slug": "...", "logs": [...]}`. The slug names the service of entries
 * that name none, and is kept in the attributes of all.
 */
export class BatchDocument implements Decoder, EntrySink {
  private readonly document = new JsonDocumentDecoder(this);
  private readonly found: Found[] = [];
  bytes = 0;

  push(chunk: Buffer): void {
    this.document.push(chunk);
  }

  finish(): void {
    this.document.finish();
    if (!this.document.isWrapper)
      throw invalid('the body must be an object with the member logs: {"project_slug": "...", "logs": [...]}');
  }

  entry(source: Buffer, from: number, end: number): void {
    this.add({ entry: Buffer.from(source.subarray(from, end)) }, end - from);
  }

  rejected(reason: string): void {
    this.add({ reason }, 0);
  }

  private add(found: Found, bytes: number): void {
    if (this.found.length >= LIMITS.batchEntries) {
      throw invalid(
        `a batch must have at most ${LIMITS.batchEntries} entries; send more in several, or as NDJSON to /api/logs`,
      );
    }
    this.found.push(found);
    this.bytes += bytes;
  }

  /** @throws Fault invalid when the slug is not a string that could be a service's name */
  options(): { service?: string; markers?: Markers } {
    const text = this.document.wrapper.get('"project_slug"');
    const slug = slugSchema.nullable().safeParse(text === undefined ? undefined : JSON.parse(text));
    if (!slug.success) throw invalid(`project_slug must be a string of 1 to ${LIMITS.serviceCharacters} characters`);
    if (!slug.data) return {};
    if (!isStorable(slug.data)) throw invalid("project_slug holds a character that can't be stored");
    return { service: slug.data, markers: [["project_slug", JSON.stringify(slug.data)]] };
  }

  replay(sink: EntrySink): void {
    for (const found of this.found) {
      if ("entry" in found) sink.entry(found.entry, 0, found.entry.length);
      else sink.rejected(found.reason);
    }
  }
}

/** PostgreSQL's text holds no NUL, and UTF-8 no half of a surrogate pair. */
const isStorable = (text: string) => text.isWellFormed() && !text.includes("\0");

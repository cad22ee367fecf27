import { attributeTexts } from "@/core/search/query/attribute-texts";
import { AttributeReader } from "@/core/segments/write/attribute-reader";

/** Finds what is at some paths of JSON texts, as attributeTexts does for one, in one walk over each of them. */
export class AttributeFinder {
  private readonly reader: AttributeReader;
  private readonly slots: ReadonlyMap<string, number>;
  private buffer = Buffer.alloc(1_024);
  private document: string | null = null;

  /** @param paths folded names */
  constructor(paths: readonly (readonly string[])[]) {
    const names = [...new Set(paths.map((path) => path.join(".")))];
    this.reader = new AttributeReader(names);
    this.slots = new Map(names.map((name, slot) => [name, slot]));
  }

  /** @param path one of those that it was made with */
  textsAt(document: string, path: readonly string[]): readonly string[] {
    if (document !== this.document) this.read(document);
    const slot = this.slots.get(path.join(".")) ?? -1;
    const count = this.reader.counts[slot] ?? 0;
    if (count === 0) return [];
    if (count > 1) return attributeTexts(document, path);
    const text = this.buffer.toString("utf8", this.reader.starts[slot], this.reader.ends[slot]);
    return [text.startsWith('"') ? String(JSON.parse(text)) : text];
  }

  private read(document: string): void {
    // Of one character of UTF-16 no more than three bytes of UTF-8 come.
    if (this.buffer.length < document.length * 3) this.buffer = Buffer.alloc(document.length * 6);
    this.reader.read(this.buffer, 0, this.buffer.write(document));
    this.document = document;
  }
}

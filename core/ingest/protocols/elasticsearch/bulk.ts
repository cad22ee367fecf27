import { NEWLINE, OPEN_BRACE, SPACE } from "@/core/ascii";
import { cutText } from "@/core/cut-text";
import { tooLarge } from "@/core/errors";
import type { Decoder, EntryItem, EntrySink } from "@/core/ingest/decode/decoder";
import { JsonScanner } from "@/core/ingest/decode/json-scanner";
import { LineDecoder } from "@/core/ingest/decode/line-decoder";
import { Places } from "@/core/ingest/decode/places";
import { EntryText, memberName } from "@/core/ingest/protocols/entry-text";
import { LIMITS } from "@/core/limits";

const INDEX = memberName("_index");
const INDEX_NAME = Buffer.from("_index");
const ID_NAME = Buffer.from("_id");

/** Actions that a document follows; `delete` has none. */
const WITH_DOCUMENT = ["index", "create", "update"];
const TAKEN = ["index", "create"];
/** Of an item besides its texts, which are in the answer too: as an object, its name among those that are claimed, and its result. */
const ITEM_BYTES = 256;

/**
 * The body of a bulk (Elasticsearch, "Bulk API"): an action in a line, its document in the next. Its items are the actions in
 * their order, each of which is one entry of the sink. An entry that names no service is of its index.
 */
export class BulkDecoder extends LineDecoder {
  private items: EntryItem[] = [];
  itemBytes = 0;
  private pending: EntryItem | null = null;
  /** The line with the last action that names no document, and what it says: most actions of a bulk are the same. */
  private last: { line: Buffer; item: EntryItem } | null = null;
  private readonly text = new EntryText();
  private readonly scanner = new JsonScanner();
  private readonly places = new Places();
  private readonly inner = new Places();

  /** @param defaultIndex of the address, for actions that name none */
  constructor(
    sink: EntrySink,
    private readonly defaultIndex: string,
  ) {
    super(sink);
  }

  takeItems(): readonly EntryItem[] {
    const { items } = this;
    this.items = [];
    return items;
  }

  protected line(source: Buffer, from: number, end: number): void {
    const { scanner } = this;
    scanner.reset(source, end);
    const start = scanner.skipSpace(from);
    if (start >= end) return;
    if (this.pending) this.document(this.pending, source, start, end);
    else this.action(source, start, end);
  }

  protected override rejected(reason: string): void {
    if (!this.pending) this.found({ action: "index", index: this.defaultIndex, id: null });
    this.pending = null;
    super.rejected(reason);
  }

  override finish(): void {
    super.finish();
    if (this.pending) this.rejected("the document of the action is missing");
  }

  private found(item: EntryItem): void {
    this.items.push(item);
    this.itemBytes += ITEM_BYTES + 2 * (item.action.length + item.index.length + (item.id?.length ?? 0));
    if (this.itemBytes > LIMITS.itemBytes)
      throw tooLarge("the bulk has more documents than can be answered one by one; send it in parts");
  }

  private action(source: Buffer, from: number, end: number): void {
    const action = this.actionOf(source, from, end);
    if (!action) {
      this.rejected('a line with an action must be such as {"create": {}}');
      return;
    }
    this.found(action);
    this.pending = action;
    if (!WITH_DOCUMENT.includes(action.action))
      this.rejected(`the action ${nameOf(action)} is not taken here: entries never change`);
  }

  private actionOf(source: Buffer, from: number, end: number): EntryItem | null {
    const { scanner, places, inner, last } = this;
    if (last && last.line.length === end - from && last.line.compare(source, from, end) === 0) return last.item;
    const valueEnd = scanner.scanMembers(from, places);
    if (valueEnd < 0 || places.count === 0) return null;
    scanner.reset(source, end);
    scanner.scanMembers(places.from[0] as number, inner);
    const name = places.nameOf(source, 0);
    const index = inner.textOf(source, inner.find(source, INDEX_NAME)) ?? this.defaultIndex;
    const item = { action: name, index, id: inner.textOf(source, inner.find(source, ID_NAME)) };
    if (item.id === null) this.last = { line: Buffer.from(source.subarray(from, end)), item };
    return item;
  }

  private document(item: EntryItem, source: Buffer, from: number, end: number): void {
    this.pending = item;
    if (!TAKEN.includes(item.action)) {
      this.rejected(`the action ${nameOf(item)} is not taken here: entries never change`);
      return;
    }
    this.pending = null;
    const { scanner, places, text, sink } = this;
    const valueEnd = scanner.scanMembers(from, places);
    const isObject = valueEnd >= 0 && scanner.skipSpace(valueEnd) === end && source[from] === OPEN_BRACE;
    // What is no object is handed on as it is: the sink says what is wrong with it.
    if (!isObject) sink.entry(source, from, end);
    else text.begin().members(source, places);
    if (isObject && item.index !== "") text.text(INDEX, item.index);
    if (isObject) text.end(sink, scanner);
  }
}

const nameOf = ({ action }: EntryItem) => cutText(action, LIMITS.serviceCharacters);

/**
 * A document that is sent by itself. It may be written over several lines: line breaks between its members are spaces, and none stands
 * within a string.
 */
export function bulkDocument(sink: EntrySink, index: string): Decoder {
  const decoder = new BulkDecoder(sink, index);
  decoder.push(Buffer.from('{"create":{}}\n'));
  return {
    push: (chunk) => decoder.push(Buffer.from(chunk.map((byte) => (byte === NEWLINE ? SPACE : byte)))),
    finish: () => decoder.finish(),
  };
}

import type { EntrySink } from "@/core/ingest/decode/decoder";
import { membersOf } from "@/core/ingest/decode/json-members";
import { JsonScanner } from "@/core/ingest/decode/json-scanner";
import { LineDecoder } from "@/core/ingest/decode/line-decoder";
import { EntryText, memberName } from "@/core/ingest/protocols/entry-text";

const QUOTE = 0x22;
const OPEN_OBJECT = 0x7b;
const INDEX = memberName("_index");

/** What one action of a bulk was, for the answer. */
export type BulkItem = { action: string; index: string; id: string | null };

/** Actions that a document follows; `delete` has none. */
const WITH_DOCUMENT = ["index", "create", "update"];
const TAKEN = ["index", "create"];

/**
 * The body of a bulk (Elasticsearch, "Bulk API"): an action in a line, its document in the next. `items` are the actions in their
 * order, each of which is one entry of the sink. An entry that names no service is of its index.
 */
export class BulkDecoder extends LineDecoder {
  readonly items: BulkItem[] = [];
  private pending: BulkItem | null = null;
  private readonly text = new EntryText();
  private readonly scanner = new JsonScanner();

  /** @param defaultIndex of the address, for actions that name none */
  constructor(
    sink: EntrySink,
    private readonly defaultIndex: string,
  ) {
    super(sink);
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
    if (!this.pending) this.items.push({ action: "index", index: this.defaultIndex, id: null });
    this.pending = null;
    super.rejected(reason);
  }

  override finish(): void {
    super.finish();
    if (this.pending) this.rejected("the document of the action is missing");
  }

  private action(source: Buffer, from: number, end: number): void {
    const action = this.actionOf(source, from, end);
    if (!action) {
      this.rejected('a line with an action must be such as {"create": {}}');
      return;
    }
    this.items.push(action);
    this.pending = action;
    if (!WITH_DOCUMENT.includes(action.action))
      this.rejected(`the action ${action.action} is not taken here: entries never change`);
  }

  private actionOf(source: Buffer, from: number, end: number): BulkItem | null {
    const valueEnd = this.scanner.scanValue(from, 0);
    if (valueEnd < 0 || source[from] !== OPEN_OBJECT) return null;
    const [member] = membersOf(source, from, end);
    if (!member) return null;
    const text = (name: string): string | null => {
      const found = membersOf(source, member.from, member.end).find((inner) => inner.name === name);
      if (!found || source[found.from] !== QUOTE) return null;
      return String(JSON.parse(source.toString("utf8", found.from, found.end)));
    };
    return { action: member.name, index: text("_index") ?? this.defaultIndex, id: text("_id") };
  }

  private document(item: BulkItem, source: Buffer, from: number, end: number): void {
    this.pending = item;
    if (!TAKEN.includes(item.action)) {
      this.rejected(`the action ${item.action} is not taken here: entries never change`);
      return;
    }
    this.pending = null;
    const valueEnd = this.scanner.scanValue(from, 0);
    const isObject = valueEnd >= 0 && this.scanner.skipSpace(valueEnd) === end && source[from] === OPEN_OBJECT;
    // What is no object is handed on as it is: the sink says what is wrong with it.
    if (!isObject) this.sink.entry(source, from, end);
    else if (item.index === "") this.sink.entry(source, from, end);
    else
      this.text
        .begin()
        .members(source, this.scanner.skipSpace(from + 1), valueEnd - 1)
        .text(INDEX, item.index)
        .end(this.sink);
  }
}

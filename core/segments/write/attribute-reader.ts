import { JsonScanner } from "@/core/ingest/decode/json-scanner";
import { fold } from "@/core/search/query/fold";

/** A path that is sought or leads to one. */
type Node = {
  path: string;
  /** Index of the path among those that are sought; -1: it only leads to them. */
  slot: number;
  leads: boolean;
  /** Where names lead, by their bytes as they stand in the text; null: nowhere. */
  names: Map<string, Node | null>;
  /** The names that stood at each place in the last object there, and where they lead: the next one often has the same. */
  last: { bytes: Buffer; child: Node | null }[];
};

/** Distinct names that are remembered of an object; names of any number may come. */
const MOST_NAMES = 1_000;
/** Members whose names are remembered by their place. */
const MOST_PLACES = 30;

/**
 * Finds in the JSON text of attributes the scalars at certain paths, as attributeTexts does for one path, but for all in one walk and
 * without making texts. What was found stays until the next document.
 */
export class AttributeReader {
  /** How many scalars stand at each path. */
  readonly counts: Uint8Array;
  /** Where the first one begins and ends in the document; of strings with their quotes. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  private readonly nodes = new Map<string, Node>();
  private readonly root: Node;
  private readonly scanner = new JsonScanner();
  private source: Buffer = Buffer.alloc(0);

  /** @param paths folded, names with dots between them */
  constructor(paths: readonly string[]) {
    this.counts = new Uint8Array(paths.length);
    this.starts = new Uint32Array(paths.length);
    this.ends = new Uint32Array(paths.length);
    this.root = { path: "", slot: -1, leads: true, names: new Map(), last: [] };
    for (const [slot, path] of paths.entries()) {
      this.nodeOf(path).slot = slot;
      for (let dot = path.indexOf("."); dot >= 0; dot = path.indexOf(".", dot + 1)) {
        this.nodeOf(path.slice(0, dot)).leads = true;
      }
    }
  }

  private nodeOf(path: string): Node {
    const known = this.nodes.get(path);
    if (known) return known;
    const node = { path, slot: -1, leads: false, names: new Map(), last: [] };
    this.nodes.set(path, node);
    return node;
  }

  /** @param source JSON that is valid, up to `end` */
  read(source: Buffer, end: number): void {
    this.counts.fill(0);
    this.source = source;
    this.scanner.reset(source, end);
    this.walk(this.scanner.skipSpace(0), this.root);
  }

  /** Returns where the value ends. */
  private walk(from: number, node: Node): number {
    const { source, scanner } = this;
    const first = source[from];
    if (first === 0x5b) return this.walkArray(from, node);
    if (first === 0x7b && node.leads) return this.walkObject(from, node);
    const end = scanner.scanValue(from, 0);
    // Neither an object nor null.
    if (node.slot >= 0 && first !== 0x7b && first !== 0x6e) this.take(node.slot, from, end);
    return end;
  }

  private take(slot: number, from: number, end: number): void {
    const count = this.counts[slot] ?? 0;
    if (count === 0) {
      this.starts[slot] = from;
      this.ends[slot] = end;
    }
    this.counts[slot] = Math.min(count + 1, 2);
  }

  private walkArray(from: number, node: Node): number {
    const { source, scanner } = this;
    let at = scanner.skipSpace(from + 1);
    while (source[at] !== 0x5d) {
      at = scanner.skipSpace(this.walk(at, node));
      if (source[at] === 0x2c) at = scanner.skipSpace(at + 1);
    }
    return at + 1;
  }

  private walkObject(from: number, node: Node): number {
    const { source, scanner } = this;
    let at = scanner.skipSpace(from + 1);
    for (let place = 0; source[at] !== 0x7d; place++) {
      const value = scanner.scanMemberKey(at);
      const child = this.childAt(node, place, at, scanner.nameEnd);
      at = scanner.skipSpace(child ? this.walk(value, child) : scanner.scanValue(value, 0));
      if (source[at] === 0x2c) at = scanner.skipSpace(at + 1);
    }
    return at + 1;
  }

  private childAt(node: Node, place: number, from: number, to: number): Node | null {
    const last = node.last[place];
    if (last && isAt(this.source, from, to, last.bytes)) return last.child;
    const child = this.childOf(node, from, to);
    if (place < MOST_PLACES) node.last[place] = { bytes: Buffer.from(this.source.subarray(from, to)), child };
    return child;
  }

  /** @param from index of the name's opening quote @param to of its closing quote */
  private childOf(node: Node, from: number, to: number): Node | null {
    const bytes = this.source.toString("latin1", from, to);
    const known = node.names.get(bytes);
    if (known !== undefined) return known;
    const name = fold(String(JSON.parse(this.source.toString("utf8", from, to + 1))));
    const child = this.nodes.get(node === this.root ? name : `${node.path}.${name}`) ?? null;
    if (node.names.size < MOST_NAMES) node.names.set(bytes, child);
    return child;
  }
}

function isAt(source: Buffer, from: number, to: number, bytes: Buffer): boolean {
  if (to - from !== bytes.length) return false;
  for (let at = 0; at < bytes.length; at++) if (source[from + at] !== bytes[at]) return false;
  return true;
}

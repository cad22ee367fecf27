import { JsonScanner } from "@/core/ingest/decode/json-scanner";
import { fold } from "@/core/search/query/fold";
import { DocumentShape, type Scalar } from "./document-shape";

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

const NOWHERE: Node = { path: "", slot: -1, leads: false, names: new Map(), last: [] };

/** Shapes of documents that are remembered, and of which of those that have none of them one is. */
const MOST_SHAPES = 8;
const ONE_IN = 16;
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
  /** Where the first one begins and ends in the source; of strings with their quotes. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** Of the last documents, the latest first. */
  private shapes: readonly DocumentShape[] = [];
  /** Of the document that is walked over; null when it has something else than objects and scalars in it. */
  private scalars: Scalar[] | null = null;
  private walked = 0;
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

  /** @param source JSON that is valid, from `from` to before `end` */
  read(source: Buffer, from: number, end: number): void {
    const { shapes } = this;
    for (let place = 0; place < shapes.length; place++) {
      const shape = shapes[place] as DocumentShape;
      if (!shape.read(source, from, end, this)) continue;
      if (place > 0) this.putFirst(shape);
      return;
    }
    this.counts.fill(0);
    this.source = source;
    this.scanner.reset(source, end);
    // Where each has another shape, remembering them would take longer than it saves.
    this.scalars = this.walked++ % ONE_IN === 0 ? [] : null;
    this.walk(this.scanner.skipSpace(from), this.root);
    if (this.scalars) this.putFirst(DocumentShape.of(source, from, end, this.scalars, this.counts));
  }

  private putFirst(shape: DocumentShape): void {
    this.shapes = [shape, ...this.shapes.filter((other) => other !== shape)].slice(0, MOST_SHAPES);
  }

  /** Returns where the value ends. */
  private walk(from: number, node: Node): number {
    const { source, scanner } = this;
    const first = source[from];
    if (first === 0x5b) return this.walkArray(from, node);
    if (first === 0x7b && (node.leads || this.scalars)) return this.walkObject(from, node);
    const end = scanner.scanValue(from, 0);
    if (first === 0x22 && scanner.escaped) this.scalars = null;
    this.scalars?.push({ from, end, slot: node.slot });
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
    this.scalars = null;
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
      const child = node.leads ? this.childAt(node, place, at, scanner.nameEnd) : null;
      at = scanner.skipSpace(this.walk(value, child ?? NOWHERE));
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

/** What leads from one state of a WordFinder to others, while it is made. */
type Node = { next: Map<number, Node>; words: number[]; behind: Node | null; place: number };

const A = 0x41;
const Z = 0x5a;
const TO_SMALL = 0x20;

/**
 * Finds all of many words in a text of ASCII in one walk over its bytes, however many they are (Aho and Corasick, 1975, as a table of
 * transitions). Case does not count.
 */
export class WordFinder {
  /** Bytes that no word has are one class. */
  private readonly classOf = new Uint8Array(256);
  private readonly width: number;
  /** From a state and a class to the next state, each as the place of its row; its complement where words end. */
  private readonly next: Int32Array;
  /** By state, the words that end there. */
  private readonly ending: (readonly number[])[] = [];
  /** By word, in which text it was found last. */
  private readonly foundIn: Uint32Array;
  private texts = 0;
  /** Those that the text has that was looked through last: the first so many of `found`. */
  foundWords = 0;
  readonly found: Uint32Array;

  /** @param words folded, of ASCII and not empty */
  constructor(words: readonly string[]) {
    const root: Node = { next: new Map(), words: [], behind: null, place: 0 };
    let classes = 1;
    for (const [index, word] of words.entries()) {
      let node = root;
      for (const byte of Buffer.from(word, "latin1")) {
        if (this.classOf[byte] === 0) this.classOf[byte] = classes++;
        let next = node.next.get(byte);
        if (!next) {
          next = { next: new Map(), words: [], behind: null, place: 0 };
          node.next.set(byte, next);
        }
        node = next;
      }
      node.words.push(index);
    }
    for (let byte = A; byte <= Z; byte++) this.classOf[byte] = this.classOf[byte + TO_SMALL] ?? 0;
    this.width = classes;
    this.foundIn = new Uint32Array(words.length);
    this.found = new Uint32Array(words.length);
    const nodes = inBreadth(root);
    this.next = new Int32Array(nodes.length * classes);
    for (const [index, node] of nodes.entries()) {
      node.place = index * classes;
      this.ending.push([
        ...new Set([...node.words, ...(node.behind ? (this.ending[node.behind.place / classes] ?? []) : [])]),
      ]);
    }
    const leadingTo = ({ place }: Node) => (this.ending[place / classes]?.length === 0 ? place : ~place);
    for (const node of nodes) {
      // What the longest text that ends alike leads to, which is done already as it is shorter.
      const behind = node.behind?.place ?? 0;
      this.next.copyWithin(node.place, behind, behind + (node === root ? 0 : classes));
      for (const [byte, next] of node.next) this.next[node.place + (this.classOf[byte] ?? 0)] = leadingTo(next);
    }
  }

  /** Looks through a text for has(). @returns false where it is not of ASCII, of which nothing is known then */
  find(source: Uint8Array, from: number, end: number): boolean {
    const { classOf, next } = this;
    this.texts++;
    this.foundWords = 0;
    let all = 0;
    let state = 0;
    for (let at = from; at < end; at++) {
      const byte = source[at] as number;
      all |= byte;
      state = next[state + (classOf[byte] as number)] as number;
      if (state >= 0) continue;
      state = ~state;
      this.note(state);
    }
    return all < 0x80;
  }

  private note(state: number): void {
    for (const word of this.ending[state / this.width] as readonly number[]) {
      if (this.foundIn[word] === this.texts) continue;
      this.foundIn[word] = this.texts;
      this.found[this.foundWords++] = word;
    }
  }

  /** Whether the text that was looked through last has a word, by its place. */
  has(word: number): boolean {
    return this.foundIn[word] === this.texts;
  }
}

/** All nodes, the ones nearer to the root first, each with the longest other that is its end. */
function inBreadth(root: Node): Node[] {
  const nodes = [root];
  for (const node of nodes) {
    for (const [byte, child] of node.next) {
      let behind = node.behind;
      while (behind && !behind.next.has(byte)) behind = behind.behind;
      child.behind = behind?.next.get(byte) ?? root;
      nodes.push(child);
    }
  }
  return nodes;
}

/** Of what the page itself holds: browsers keep a Blob elsewhere, on disk when it is large. */
const FOLD_BYTES = 32 * 1024 * 1024;

/** Bytes that come piece by piece and become one Blob, however large. */
export class BlobParts {
  private readonly folded: Blob[] = [];
  private pieces: Uint8Array<ArrayBuffer>[] = [];
  private bytes = 0;

  constructor(private readonly foldBytes = FOLD_BYTES) {}

  add(piece: Uint8Array<ArrayBuffer>): void {
    this.pieces.push(piece);
    this.bytes += piece.length;
    if (this.bytes >= this.foldBytes) this.fold();
  }

  /** @param type its media type */
  blob(type: string): Blob {
    this.fold();
    return new Blob(this.folded, { type });
  }

  /** What is held as bytes, and not yet in a Blob. */
  get held(): number {
    return this.bytes;
  }

  private fold(): void {
    this.folded.push(new Blob(this.pieces));
    this.pieces = [];
    this.bytes = 0;
  }
}

import { MsgpackReader } from "./msgpack-reader";

/** Finds where a value of MessagePack ends, in bytes that arrive in pieces, and looks at each byte once. */
export class MsgpackEnd {
  private readonly reader = new MsgpackReader();
  private missing = 1;
  /** How far it has come, which may be beyond what is there. */
  private at = 0;

  /** At least so many bytes the value has. */
  get least(): number {
    return this.at + this.missing;
  }

  /**
   * @param bytes the same as at the last call, with more behind them
   * @returns where the value ends, -1 when it is not whole
   * @throws Fault invalid for what is no MessagePack
   */
  find(bytes: Buffer): number {
    const { reader } = this;
    while (this.missing > 0) {
      if (!reader.read(bytes, this.at)) return -1;
      this.at = reader.from + reader.size;
      this.missing += reader.children - 1;
    }
    return this.at <= bytes.length ? this.at : -1;
  }

  /** The bytes up to here need not be kept: how many of the first `length`. */
  passOver(length: number): number {
    const passed = Math.min(this.at, length);
    this.at -= passed;
    return passed;
  }

  /** The next value begins at the beginning. */
  reset(): void {
    this.missing = 1;
    this.at = 0;
  }
}

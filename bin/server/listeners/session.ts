import type { Delivery } from "./deliver";
import type { Received, Sender } from "./message";

/** What a protocol knows of one connection. */
export type Session = {
  /** Bytes of a message that has not arrived whole. */
  readonly held: number;
  /** The messages that are whole with this chunk. @throws Fault for what is none: the connection is closed then */
  push(chunk: Buffer): Received[];
  /** What the sender left when it closed its side. */
  finish(): Received[];
};

/** The other side, for a protocol that answers. */
export type Peer = {
  sender: Sender;
  write(bytes: Uint8Array): void;
  /** Reads no more, and closes when all that was taken is settled. */
  close(): void;
};

export type OpenSession = (peer: Peer, delivery: Delivery) => Session;

import type { MessageFormat, ProtocolFormat } from "@/core/ingest/protocols/protocol-format";

/** Who sent something. */
export type Sender = {
  address: string;
  /** It has shown that it may send: by a certificate, by a shared key. */
  isTrusted: boolean;
};

/** What a protocol makes of a message as it is written to the database. */
export type Message = {
  /** Of Cordwood's API, that came with it; null: none. */
  key: string | null;
  /** Called once: whether its entries are committed, or were rejected for good; false: they are not, and others may have more luck. */
  settled?(isStored: boolean): void;
} & (Small | Large);

/** Stored together with others of its format. */
export type Small = {
  bytes: Buffer;
  /** From where to where each of many stands in the bytes, pair by pair; absent: they are one. */
  places?: readonly number[];
  format: MessageFormat;
};

/** Stored by itself. */
export type Large = {
  body: Buffer;
  /** As of Content-Encoding. */
  encodings: readonly string[];
  format: ProtocolFormat;
  /** Under which its sender sends it again when it hears nothing. */
  id: string | null;
};

/** What is none that could be stored, however often it came. */
export type Malformed = {
  /** Why. */
  malformed: string;
  /** As of a message. */
  settled(isStored: boolean): void;
};

/** A message as it arrived. It is read when it is its turn, so that what waits takes no more memory than it did on the wire. */
export type Received = {
  bytes: Buffer;
  sender: Sender;
  /** How many it really is. */
  messages: number;
  /** @throws Error for what can't be a message, where no sender waits to hear of it */
  read(bytes: Buffer, sender: Sender): Message | Malformed;
};

import { LRUCache } from "lru-cache";
import { hashOf } from "@/core/access/keys/key-text";

/** Chunks of which it is remembered how they came last. Those with the same bytes have the same times, so they come soon after each other. */
const REMEMBERED_CHUNKS = 20_000;

/** A chunk as it arrived. */
export type ArrivedChunk = {
  /** As its sender named it. */
  chunk: string | Uint8Array;
  address: string;
  /** As it was sent. */
  tag: string;
  /** A number of its own that the connection has. */
  connection: number;
  /** How many acknowledgements had gone out over the connection when it arrived. */
  acknowledgements: number;
};

type Last = {
  connection: number;
  /** How many of the connection's acknowledgements there were with its own; null: it has none. */
  acknowledgedAt: number | null;
  repetition: number;
};

/**
 * Tells a chunk that comes again, since its sender has not heard of it, from another one that is called the same. Fluent Bit names a
 * chunk by a hash of its events, without their tag and the host: so the same events of two hosts, and under two tags, are two chunks.
 * Of one host and tag a name whose acknowledgement went out before it came again over the same connection is another chunk; over
 * another connection it is the same one, whose acknowledgement may have been lost with the first.
 */
export class ForwardChunks {
  private readonly last = new LRUCache<string, Last>({ max: REMEMBERED_CHUNKS });
  private connections = 0;

  /** A number for a new connection. */
  nextConnection(): number {
    return this.connections++;
  }

  /**
   * To be asked in the order in which chunks arrived over a connection.
   * @returns under which it is stored once; and `acknowledged`, to be called with the number of acknowledgements, its own included, that
   * have gone out over its connection
   */
  take({ chunk, address, tag, connection, acknowledgements }: ArrivedChunk): {
    id: string;
    acknowledged(at: number): void;
  } {
    const name = hashOf(
      JSON.stringify([address, tag, typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("base64")]),
    );
    const last = this.last.get(name);
    const isAnother =
      last?.connection === connection && last.acknowledgedAt !== null && last.acknowledgedAt <= acknowledgements;
    const repetition = (last?.repetition ?? 0) + (isAnother ? 1 : 0);
    this.last.set(name, { connection, acknowledgedAt: null, repetition });
    return {
      id: `${name} ${repetition}`,
      acknowledged: (at) => {
        const current = this.last.get(name);
        if (current?.connection === connection && current.repetition === repetition) current.acknowledgedAt = at;
      },
    };
  }
}

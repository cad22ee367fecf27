import { hostname } from "node:os";
import { encode } from "@msgpack/msgpack";
import { isFault } from "@/core/errors";
import { ForwardFrames } from "@/core/ingest/protocols/forward/forward-frames";
import { taggedEvent } from "@/core/ingest/protocols/forward/forward-messages";
import { Handshake } from "@/core/ingest/protocols/forward/handshake";
import { chunkOf, type ForwardMessage, readForward } from "@/core/ingest/protocols/forward/read-forward";
import { Frames } from "@/core/ingest/protocols/frames";
import { splitTag } from "@/core/ingest/protocols/split-tag";
import { LIMITS } from "@/core/limits";
import type { Delivery } from "./deliver";
import type { ForwardChunks } from "./forward-chunks";
import type { Large, Malformed, Message, Received, Sender } from "./message";
import type { Peer, Session } from "./session";

/** What some senders write to see whether they are connected. */
const NIL = 0xc0;

/** One connection of the forward protocol: the handshake where a shared key is set, messages, and their acknowledgements. */
export class ForwardSession implements Session {
  private readonly frames = new ForwardFrames();
  private handshake: Handshake | null;
  private sender: Sender;
  private readonly connection: number;
  /** That have gone out. */
  private acknowledgements = 0;

  /** @param sharedKey null: none is asked for */
  constructor(
    private readonly peer: Peer,
    private readonly delivery: Delivery,
    private readonly chunks: ForwardChunks,
    sharedKey: string | null,
  ) {
    this.sender = peer.sender;
    this.connection = chunks.nextConnection();
    this.handshake = sharedKey === null ? null : new Handshake(sharedKey, hostname());
    if (this.handshake) peer.write(this.handshake.hello);
  }

  get held(): number {
    return this.frames.held;
  }

  push(chunk: Buffer): Received[] {
    const received: Received[] = [];
    const mostBytes = () => (this.handshake ? LIMITS.formBytes : LIMITS.forwardMessageBytes);
    for (const bytes of this.frames.push(chunk, mostBytes)) {
      if (this.handshake) {
        if (!this.greet(bytes, this.handshake)) break;
      } else if (bytes[0] !== NIL) {
        const { sender, acknowledgements } = this;
        received.push({ bytes, sender, messages: 1, read: (whole) => this.read(whole, acknowledgements) });
      }
    }
    return received;
  }

  /** A message that broke off was not acknowledged, so it comes again. */
  finish(): Received[] {
    return [];
  }

  private greet(message: Buffer, handshake: Handshake): boolean {
    const { isRight, pong } = handshake.answer(message);
    this.handshake = null;
    this.peer.write(pong);
    this.sender = { ...this.sender, isTrusted: isRight };
    if (isRight) return true;
    this.delivery.drops.count("unauthorised", "its shared key is another one", this.sender.address);
    this.peer.close();
    return false;
  }

  /** @param acknowledgements that had gone out when it arrived */
  private read(bytes: Buffer, acknowledgements: number): Message | Malformed {
    let forward: ForwardMessage;
    try {
      forward = readForward(bytes);
    } catch (error) {
      if (!isFault(error)) throw error;
      const chunk = chunkOf(bytes);
      return { malformed: error.message, settled: (isStored) => this.settle(isStored, chunk) };
    }
    const { chunk } = forward;
    const { address } = this.sender;
    const { connection } = this;
    const taken = chunk && this.chunks.take({ chunk, address, tag: forward.tag, connection, acknowledgements });
    const settled = (isStored: boolean) => {
      this.settle(isStored, chunk);
      if (isStored && taken) taken.acknowledged(this.acknowledgements);
    };
    const [key, tag] = splitTag(forward.tag);
    if ("event" in forward && !taken) return { key, settled, bytes: taggedEvent(tag, forward.event), format: MESSAGES };
    return { key, settled, id: taken ? taken.id : null, ...bodyOf(forward, tag) };
  }

  /** Without an answer the sender sends it again, to somebody else if it can. */
  private settle(isStored: boolean, chunk: ForwardMessage["chunk"]): void {
    if (!isStored) this.peer.close();
    else if (chunk !== null) {
      this.acknowledgements++;
      this.peer.write(encode({ ack: chunk }));
    }
  }
}

const MESSAGES = { protocol: "forward_messages" } as const;

function bodyOf(forward: ForwardMessage, tag: string): Pick<Large, "body" | "encodings" | "format"> {
  if ("events" in forward)
    return { body: forward.events, encodings: forward.encodings, format: { protocol: "forward", tag } };
  const message = taggedEvent(tag, forward.event);
  const frames = new Frames(message.length, 1);
  frames.add(message);
  return { body: frames.bytes, encodings: [], format: MESSAGES };
}

import { hostname } from "node:os";
import { encode } from "@msgpack/msgpack";
import { ForwardFrames } from "@/core/ingest/protocols/forward/forward-frames";
import { taggedEvent } from "@/core/ingest/protocols/forward/forward-messages";
import { Handshake } from "@/core/ingest/protocols/forward/handshake";
import { type ForwardMessage, readForward } from "@/core/ingest/protocols/forward/read-forward";
import { Frames } from "@/core/ingest/protocols/frames";
import { splitTag } from "@/core/ingest/protocols/split-tag";
import { LIMITS } from "@/core/limits";
import type { Delivery } from "./deliver";
import type { Large, Message, Received, Sender } from "./message";
import type { Peer, Session } from "./session";

/** What some senders write to see whether they are connected. */
const NIL = 0xc0;

/** One connection of the forward protocol: the handshake where a shared key is set, messages, and their acknowledgements. */
export class ForwardSession implements Session {
  private readonly frames = new ForwardFrames();
  private handshake: Handshake | null;
  private sender: Sender;

  /** @param sharedKey null: none is asked for */
  constructor(
    private readonly peer: Peer,
    private readonly delivery: Delivery,
    sharedKey: string | null,
  ) {
    this.sender = peer.sender;
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
      } else if (bytes[0] !== NIL) received.push({ bytes, sender: this.sender, read: (whole) => this.read(whole) });
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

  private read(bytes: Buffer): Message {
    const forward = readForward(bytes);
    const { chunk } = forward;
    const [key, tag] = splitTag(forward.tag);
    // Without an answer the sender sends it again, to somebody else if it can.
    const settled = (isStored: boolean) => {
      if (!isStored) this.peer.close();
      else if (chunk !== null) this.peer.write(encode({ ack: chunk }));
    };
    if ("event" in forward && chunk === null)
      return { key, settled, bytes: taggedEvent(tag, forward.event), format: MESSAGES };
    return { key, settled, id: idOf(chunk), ...bodyOf(forward, tag) };
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

const idOf = (chunk: ForwardMessage["chunk"]): string | null =>
  chunk === null ? null : typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("base64");

import type dgram from "node:dgram";
import { LIMITS } from "@/core/limits";
import { bindUdp } from "./bind-udp";
import type { Delivery } from "./deliver";
import { deliveryOf } from "./delivery-of";
import { Feed } from "./feed";
import type { Listener, ListenerContext } from "./listener";
import type { Received, Sender } from "./message";
import { Space } from "./space";

export type UdpProtocol = {
  name: string;
  /** The variable that sets its port. */
  variable: string;
  port(): number;
  /** The message that a datagram completes; null while parts of it are missing. */
  receive(bytes: Buffer, sender: Sender, delivery: Delivery): Received | null;
};

/** Datagrams of a protocol. Nobody waits for an answer, so what finds no room is dropped. */
export class UdpListener implements Listener {
  readonly name: string;
  private readonly ending = new AbortController();
  private readonly space = new Space(LIMITS.udpBytes);
  private readonly delivery: Delivery;
  private readonly feed: Feed;
  private socket: dgram.Socket | undefined;

  constructor(
    private readonly context: ListenerContext,
    private readonly protocol: UdpProtocol,
  ) {
    this.name = protocol.name;
    this.delivery = deliveryOf(context, protocol.name, this.ending.signal);
    this.feed = new Feed(this.delivery, this.space, LIMITS.udpLingerMs);
    context.metrics.listeners.watch(this.name, () => ({ bytes: this.space.held, connections: 0 }));
  }

  async start(): Promise<string> {
    const { host } = this.context.config;
    this.socket = await bindUdp(host, this.protocol.port(), this.protocol.variable);
    this.enlarge(this.socket);
    this.socket.on("error", (error) => this.context.logger.error({ error, listener: this.name }, "a socket failed"));
    this.socket.on("message", (bytes, { address }) => this.receive(bytes, { address, isTrusted: false }));
    const { address, port: bound } = this.socket.address();
    return `${address}:${bound}`;
  }

  /** The system keeps what arrives while we are busy: as much as it lets us have. */
  private enlarge(socket: dgram.Socket): void {
    try {
      socket.setRecvBufferSize(LIMITS.udpSystemBytes);
    } catch (error) {
      this.context.logger.debug({ error, listener: this.name }, "the system's buffer stays as it is");
    }
  }

  private receive(bytes: Buffer, sender: Sender): void {
    const received = this.protocol.receive(bytes, sender, this.delivery);
    if (received && !this.feed.add(received)) {
      this.delivery.drops.count("full", "messages arrive faster than they can be written", sender.address);
    }
  }

  async stop(deadline: AbortSignal): Promise<void> {
    this.socket?.close();
    deadline.addEventListener("abort", () => this.ending.abort());
    await this.feed.below(0);
  }
}

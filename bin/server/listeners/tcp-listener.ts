import { once } from "node:events";
import net from "node:net";
import tls from "node:tls";
import { listenError } from "@/bin/server/listen-error";
import { LIMITS } from "@/core/limits";
import type { Delivery } from "./deliver";
import { deliveryOf } from "./delivery-of";
import type { Listener, ListenerContext } from "./listener";
import type { OpenSession } from "./session";
import { Space } from "./space";
import { TcpConnection } from "./tcp-connection";

export type TcpProtocol = {
  name: string;
  port: number;
  /** The variable that sets it. */
  variable: string;
  /** Absent: plain TCP. With `requestCert` only clients whose certificate holds are let in, and need nothing else. */
  tls?: tls.TlsOptions;
  open: OpenSession;
};

/** Connections of a protocol over TCP or TLS. While there is no room nothing is read, so that senders wait. */
export class TcpListener implements Listener {
  readonly name: string;
  private readonly ending = new AbortController();
  private readonly space = new Space(LIMITS.tcpBytes);
  private readonly delivery: Delivery;
  private readonly connections = new Set<TcpConnection>();
  private readonly server: net.Server;
  /** Where it listens; 0 before. */
  port = 0;

  constructor(
    private readonly context: ListenerContext,
    private readonly protocol: TcpProtocol,
  ) {
    this.name = protocol.name;
    this.delivery = deliveryOf(context, protocol.name, this.ending.signal);
    this.server = this.serverOf();
    context.metrics.listeners.watch(this.name, () => ({
      bytes: this.space.held,
      connections: this.connections.size,
    }));
  }

  private serverOf(): net.Server {
    const connected = (socket: net.Socket) => this.connect(socket);
    // Answers go out after the client has closed its side.
    if (!this.protocol.tls) return net.createServer({ allowHalfOpen: true }, connected);
    const options = { ...this.protocol.tls, allowHalfOpen: true, handshakeTimeout: LIMITS.headersMs };
    return tls
      .createServer(options, connected)
      .on("tlsClientError", (error, { remoteAddress = "" }) =>
        this.delivery.drops.count("tls", error.message, remoteAddress),
      );
  }

  async start(): Promise<string> {
    const { host } = this.context.config;
    const { port, variable } = this.protocol;
    this.server.listen(port, host);
    try {
      await once(this.server, "listening");
    } catch (error) {
      throw error instanceof Error ? listenError(error, host, port, variable) : error;
    }
    this.server.on("error", (error) => this.context.logger.error({ error, listener: this.name }, "a listener failed"));
    const bound = this.server.address();
    if (!bound || typeof bound === "string") throw new TypeError("a listener has no address");
    this.port = bound.port;
    return `${bound.address}:${bound.port}`;
  }

  private connect(socket: net.Socket): void {
    const { connections, delivery, space, protocol } = this;
    if (connections.size >= LIMITS.listenerConnections) this.endMostSilent();
    const sender = { address: socket.remoteAddress ?? "", isTrusted: protocol.tls?.requestCert === true };
    const connection = new TcpConnection(socket, sender, delivery, space, protocol.open);
    connections.add(connection);
    void connection.done.then(() => connections.delete(connection));
  }

  /** So that strangers who only hold connections can't keep senders out. */
  private endMostSilent(): void {
    const [silent] = [...this.connections].sort((a, b) => a.lastMs - b.lastMs);
    if (!silent) return;
    this.delivery.drops.count("crowded", `more than ${LIMITS.listenerConnections} connections`, silent.sender.address);
    silent.destroy();
  }

  async stop(deadline: AbortSignal): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const connection of this.connections) connection.close();
    deadline.addEventListener("abort", () => {
      this.ending.abort();
      for (const connection of this.connections) connection.destroy();
    });
    await Promise.all([closed, ...[...this.connections].map(({ done }) => done)]);
  }
}

import type dgram from "node:dgram";
import { bindUdp } from "./bind-udp";
import type { Listener, ListenerContext } from "./listener";

const NOTHING = Buffer.alloc(1);

/** Answers senders of the forward protocol that ask by UDP whether somebody is there (forward protocol, "Heartbeat Message"). */
export class ForwardHeartbeat implements Listener {
  readonly name = "forward_heartbeat";
  private socket: dgram.Socket | undefined;

  constructor(
    private readonly context: ListenerContext,
    private readonly variable: string,
    private readonly port: () => number,
  ) {}

  async start(): Promise<string> {
    const { config, logger } = this.context;
    const socket = await bindUdp(config.host, this.port(), this.variable);
    this.socket = socket;
    socket.on("error", (error) => logger.warn({ error, listener: this.name }, "a socket failed"));
    socket.on("message", (_asked, { address, port }) => socket.send(NOTHING, port, address, () => undefined));
    const { address, port } = socket.address();
    return `${address}:${port}`;
  }

  async stop(): Promise<void> {
    this.socket?.close();
  }
}

import { once } from "node:events";
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A way to a database on which everything takes `delayMs` longer, each way. */
export class SlowLink {
  delayMs = 0;
  private readonly server = net.createServer((near) => this.join(near));
  private readonly open = new Set<net.Socket>();

  constructor(private readonly port: number) {}

  /** @returns the port that it listens on */
  async start(): Promise<number> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    const address = this.server.address();
    if (!address || typeof address !== "object") throw new Error("no free port");
    return address.port;
  }

  stop(): void {
    for (const socket of this.open) socket.destroy();
    this.server.close();
  }

  private join(near: net.Socket): void {
    const far = net.connect(this.port, "127.0.0.1");
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.open.add(from);
      from.on("error", () => to.destroy());
      from.on("close", () => {
        this.open.delete(from);
        to.destroy();
      });
      void this.pass(from, to);
    }
  }

  private async pass(from: net.Socket, to: net.Socket): Promise<void> {
    try {
      for await (const piece of from) {
        if (this.delayMs > 0) await sleep(this.delayMs);
        to.write(piece);
      }
      to.end();
    } catch {
      // A connection that broke is closed on its other side, above.
    }
  }
}

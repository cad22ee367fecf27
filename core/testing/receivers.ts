import http from "node:http";
import type net from "node:net";
import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";

export type ReceivedCall = { path: string; headers: http.IncomingHttpHeaders; body: string; at: number };

/** A real HTTP receiver. What it answers can be changed while it runs. */
export class HttpReceiver {
  readonly calls: ReceivedCall[] = [];
  /** Null: never answers. */
  answer: { status: number; body?: string; headers?: Record<string, string> } | "reset" | null = { status: 200 };
  /** What happens while the caller waits for the answer. */
  meanwhile: () => Promise<void> = async () => undefined;
  private readonly server = http.createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", async () => {
      await this.meanwhile();
      this.calls.push({ path: request.url ?? "", headers: request.headers, body, at: Date.now() });
      if (this.answer === "reset") request.socket.resetAndDestroy();
      else if (this.answer) response.writeHead(this.answer.status, this.answer.headers).end(this.answer.body);
    });
  });
  url = "";

  async start(): Promise<void> {
    this.url = `http://127.0.0.1:${await listen(this.server)}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** A real SMTP server that keeps what it gets. */
export class MailReceiver {
  readonly mails: (ParsedMail & { at: number })[] = [];
  /** Refuses every mail with this text. */
  refuse: string | null = null;
  /** Refuses these addresses. */
  readonly unknown = new Set<string>();
  private readonly server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onRcptTo: ({ address }, _session, done) =>
      done(this.unknown.has(address) ? new Error("no such mailbox") : undefined),
    onData: (stream, _session, done) => {
      simpleParser(stream).then((mail) => {
        if (this.refuse !== null) return done(new Error(this.refuse));
        this.mails.push({ ...mail, at: Date.now() });
        done();
      }, done);
    },
  });
  url = "";

  async start(): Promise<void> {
    this.server.on("error", () => undefined);
    this.url = `smtp://127.0.0.1:${await listen(this.server)}`;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.server.close(resolve));
  }
}

function listen(
  server: { listen(port: number, host: string, ready: () => void): unknown } & (
    | { address(): ReturnType<net.Server["address"]> }
    | { server: net.Server }
  ),
): Promise<number> {
  return new Promise((resolve, reject) => {
    server.listen(0, "127.0.0.1", () => {
      const address = "server" in server ? server.server.address() : server.address();
      if (address && typeof address === "object") resolve(address.port);
      else reject(new Error("no port"));
    });
  });
}

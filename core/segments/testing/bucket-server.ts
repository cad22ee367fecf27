import { once } from "node:events";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type FauxqsServer, startFauxqs } from "fauxqs";

export const BUCKET = "logs";
const KEY_ID = "a-key";

/**
 * What happens to a request: the server hangs in the middle of its body, breaks off in the middle of its answer, fails, or turns away
 * who asks.
 */
export type BucketFault = "hang" | "cut" | "fail" | "refuse";

/** A server of S3 with one bucket, behind one that goes wrong as a test wants it. */
export class BucketServer {
  /** Asked for each request; null: nothing goes wrong. */
  fault: (method: string, key: string) => BucketFault | null = () => null;
  /** Of the requests that came: "PUT prefix/path". */
  requests: string[] = [];
  /** Objects in one answer of a list; null: as many as the server gives. */
  pageSize: number | null = null;
  private port = 0;
  private front = http.createServer();

  private constructor(private readonly s3: FauxqsServer) {}

  static async start(): Promise<BucketServer> {
    const s3 = await startFauxqs({ port: 0, host: "127.0.0.1", logger: false });
    s3.createBucket(BUCKET);
    const server = new BucketServer(s3);
    await server.open();
    return server;
  }

  /** What the SDK finds its way and its credentials by. */
  get environment(): Record<string, string> {
    return {
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${this.port}`,
      AWS_REGION: "eu-central-1",
      AWS_ACCESS_KEY_ID: KEY_ID,
      AWS_SECRET_ACCESS_KEY: "a-secret",
    };
  }

  /** Takes requests again, at the same address. */
  async open(): Promise<void> {
    this.front = http.createServer((request, response) => void this.take(request, response));
    this.front.listen(this.port, "127.0.0.1");
    await once(this.front, "listening");
    const address = this.front.address();
    if (isTcp(address)) this.port = address.port;
  }

  /** Is away: nobody listens. */
  async close(): Promise<void> {
    const closed = once(this.front, "close");
    this.front.close();
    this.front.closeAllConnections();
    await closed;
  }

  async stop(): Promise<void> {
    await this.close();
    await this.s3.stop();
  }

  empty(): void {
    this.s3.emptyBucket(BUCKET);
  }

  /** Past the server in front. */
  object(key: string, init?: RequestInit): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.s3.port}/${BUCKET}/${key}`, init);
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url = "" } = request;
    const key = decodeURIComponent(url.split("?")[0] ?? "").slice(BUCKET.length + 2);
    this.requests.push(`${method} ${key}`);
    const isKnown = request.headers.authorization?.includes(`Credential=${KEY_ID}/`) === true;
    const fault = isKnown ? this.fault(method, key) : "refuse";
    if (fault === "refuse") return refuse(response, 403, "InvalidAccessKeyId");
    if (fault === "fail") return refuse(response, 503, "SlowDown");
    if (fault === "hang") return void request.resume();
    const { port } = this.s3;
    const isList = this.pageSize !== null && url.includes("list-type=2");
    const asked = isList ? `${url}&max-keys=${this.pageSize}` : url;
    const inner = http.request({ port, method, path: asked, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      if (fault !== "cut") return void answer.pipe(response);
      answer.once("data", (piece: Buffer) => {
        response.write(piece.subarray(0, piece.length >> 1), () => response.destroy());
      });
    });
    inner.on("error", () => response.destroy());
    request.pipe(inner);
  }
}

const isTcp = (address: ReturnType<http.Server["address"]>): address is AddressInfo =>
  address !== null && typeof address === "object";

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { "content-type": "application/xml" });
  response.end(
    `<?xml version="1.0"?><Error><Code>${code}</Code><Message>This is what the test wants.</Message></Error>`,
  );
}

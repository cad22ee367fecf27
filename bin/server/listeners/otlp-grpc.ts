import { once } from "node:events";
import net from "node:net";
import tls from "node:tls";
import {
  type ConnectionInjector,
  type Metadata,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { ingestParametersOf } from "@/app/api/ingest-parameters";
import { takeEntries } from "@/app/api/ingest-request";
import { rejectionsOf } from "@/app/door/rejections";
import { listenError } from "@/bin/server/listen-error";
import { isFault } from "@/core/errors";
import { bodyOf } from "@/core/ingest/decode/read-body";
import { exportResponse } from "@/core/ingest/protocols/otlp/export-response";
import { LIMITS } from "@/core/limits";
import type { Delivery } from "./deliver";
import { deliveryOf } from "./delivery-of";
import { GrpcCalls, headersOf } from "./grpc-calls";
import { statusOf } from "./grpc-status";
import type { Listener, ListenerContext } from "./listener";
import { readTls } from "./read-tls";
import { Space } from "./space";

const NAME = "otlp_grpc";
const VARIABLE = "CORDWOOD_OTLP_GRPC_PORT";
const asTheyAre = (bytes: Buffer): Buffer => bytes;

/** OpenTelemetry, opentelemetry/proto/collector/logs/v1/logs_service.proto; messages are read by our own decoder. */
const LOGS_SERVICE: ServiceDefinition = {
  Export: {
    path: "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
    requestStream: false,
    responseStream: false,
    requestDeserialize: asTheyAre,
    requestSerialize: asTheyAre,
    responseDeserialize: asTheyAre,
    responseSerialize: asTheyAre,
  },
};

/** OpenTelemetry's logs over gRPC. @throws StartError for a certificate that can't be read */
export function otlpGrpcListeners(context: ListenerContext): Listener[] {
  const { otlpGrpcPort } = context.config.listeners;
  return otlpGrpcPort === null ? [] : [new OtlpGrpcListener(context, otlpGrpcPort)];
}

type Connection = {
  socket: net.Socket;
  /** When a call of it was let in last, or it was opened. */
  lastMs: number;
};

/** Connections are taken here, so that they can be counted and bounded, and handed to the library. */
class OtlpGrpcListener implements Listener {
  readonly name = NAME;
  private readonly ending = new AbortController();
  private readonly space = new Space(LIMITS.grpcBytes);
  private readonly delivery: Delivery;
  private readonly calls: GrpcCalls;
  private readonly grpc: Server;
  private readonly injector: ConnectionInjector;
  private readonly sockets: net.Server;
  /** By `address:port` of the other side. */
  private readonly connections = new Map<string, Connection>();

  constructor(
    private readonly context: ListenerContext,
    private readonly port: number,
  ) {
    const { tls: files } = context.config.listeners;
    this.delivery = deliveryOf(context, NAME, this.ending.signal);
    this.calls = new GrpcCalls({
      delivery: this.delivery,
      space: this.space,
      isTrusted: files !== null && files.clientCa !== null,
      admitted: (peer) => {
        const connection = this.connections.get(peer);
        if (connection) connection.lastMs = performance.now();
      },
    });
    this.grpc = new Server({
      "grpc.max_receive_message_length": LIMITS.grpcMessageBytes,
      "grpc.max_concurrent_streams": LIMITS.grpcStreams,
      interceptors: [this.calls.intercept],
    });
    this.grpc.addService(LOGS_SERVICE, this.methods());
    // TLS ends before: what is handed over is plain.
    this.injector = this.grpc.createConnectionInjector(ServerCredentials.createInsecure());
    const connected = (socket: net.Socket) => this.connect(socket);
    this.sockets = files
      ? tls
          .createServer({ ...readTls(files), ALPNProtocols: ["h2"], handshakeTimeout: LIMITS.headersMs }, connected)
          .on("tlsClientError", (error, { remoteAddress = "" }) =>
            this.delivery.drops.count("tls", error.message, remoteAddress),
          )
      : net.createServer(connected);
    context.metrics.listeners.watch(NAME, () => ({ bytes: this.space.held, connections: this.connections.size }));
  }

  private methods(): UntypedServiceImplementation {
    return {
      Export: (
        { request, metadata }: { request: Buffer; metadata: Metadata },
        answer: (error: ReturnType<typeof statusOf> | null, response?: Buffer) => void,
      ) => {
        const call = this.calls.admittedOf(metadata);
        call.work = this.take(request, metadata, call).then(
          (response) => answer(null, response),
          (error: unknown) => answer(this.failureOf(error, call.address)),
        );
      },
    };
  }

  private async take(
    message: Buffer,
    metadata: Metadata,
    { services, address }: ReturnType<GrpcCalls["admittedOf"]>,
  ): Promise<Buffer> {
    const parameters = ingestParametersOf(
      { parameters: new URLSearchParams(), headers: headersOf(metadata) },
      "ignore",
    );
    const answer = await takeEntries(this.context, {
      body: bodyOf(message),
      format: { protocol: "otlp_protobuf" },
      encodings: [],
      announcedBytes: message.length,
      tellsEach: true,
      services,
      parameters,
    });
    this.context.metrics.listeners.entries.inc({ listener: NAME }, answer.accepted);
    if (answer.rejected === 0) return exportResponse(0, "");
    const reasons = rejectionsOf(answer);
    this.delivery.drops.count("rejected", reasons, address, answer.rejected);
    return exportResponse(answer.rejected, reasons);
  }

  private failureOf(error: unknown, address: string) {
    const status = statusOf(error);
    if (isFault(error) && error.kind === "invalid") this.delivery.drops.count("malformed", error.message, address);
    else if (!isFault(error)) this.context.logger.error({ error, listener: NAME }, "a call failed");
    return status;
  }

  private connect(socket: net.Socket): void {
    const { connections } = this;
    if (connections.size >= LIMITS.listenerConnections) this.endMostSilent();
    const peer = `${socket.remoteAddress}:${socket.remotePort}`;
    connections.set(peer, { socket, lastMs: performance.now() });
    socket.on("close", () => connections.delete(peer));
    socket.on("error", () => undefined);
    this.injector.injectConnection(socket);
  }

  /** So that strangers who only hold connections can't keep senders out. */
  private endMostSilent(): void {
    const [silent] = [...this.connections.values()].sort((a, b) => a.lastMs - b.lastMs);
    if (!silent) return;
    const { remoteAddress = "" } = silent.socket;
    this.delivery.drops.count("crowded", `more than ${LIMITS.listenerConnections} connections`, remoteAddress);
    silent.socket.destroy();
  }

  async start(): Promise<string> {
    const { host } = this.context.config;
    this.sockets.listen(this.port, host);
    try {
      await once(this.sockets, "listening");
    } catch (error) {
      throw error instanceof Error ? listenError(error, host, this.port, VARIABLE) : error;
    }
    this.sockets.on("error", (error) => this.context.logger.error({ error, listener: NAME }, "a listener failed"));
    const bound = this.sockets.address();
    if (!bound || typeof bound === "string") throw new TypeError("a listener has no address");
    return `${bound.address}:${bound.port}`;
  }

  /** Clients are told to go; calls under way are answered. */
  async stop(deadline: AbortSignal): Promise<void> {
    const closed = new Promise((resolve) => this.sockets.close(resolve));
    const answered = new Promise((resolve) => this.grpc.tryShutdown(resolve));
    const late = deadline.aborted ? Promise.resolve() : once(deadline, "abort");
    await Promise.race([answered, late]);
    this.ending.abort();
    this.grpc.forceShutdown();
    this.injector.destroy();
    await closed;
  }
}

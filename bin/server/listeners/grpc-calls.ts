import { type Metadata, ServerInterceptingCall, type ServerInterceptor, ServerListenerBuilder } from "@grpc/grpc-js";
import { keyOf } from "@/core/access/keys/key-of";
import { Fault, isFault, tooBusy } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import type { Delivery } from "./deliver";
import { statusOf } from "./grpc-status";
import type { Space } from "./space";

/** A call that was let in. */
export type AdmittedCall = {
  address: string;
  /** That may be written; undefined: all. */
  services: ReadonlySet<string> | undefined;
  /** Ends when nothing of the call's message is needed any more. */
  work: Promise<unknown>;
};

const SILENT = new Fault("timed_out", `the message did not arrive within ${LIMITS.bodyIdleMs / 1000} seconds`);

type Calls = {
  delivery: Delivery;
  space: Space;
  isTrusted: boolean;
  /** @param peer `address:port` of one that may send */
  admitted(peer: string): void;
};

/**
 * Lets calls in before their message is read: those that may send, and only as many as there is room for. The others wait, and their
 * senders with them.
 */
export class GrpcCalls {
  private readonly admitted = new WeakMap<Metadata, AdmittedCall>();

  constructor(private readonly calls: Calls) {}

  /** @param metadata of a call that has come through `intercept` */
  admittedOf(metadata: Metadata): AdmittedCall {
    const call = this.admitted.get(metadata);
    if (!call) throw new TypeError("a call was not let in");
    return call;
  }

  readonly intercept: ServerInterceptor = (_method, call) =>
    new ServerInterceptingCall(call, {
      start: (next) => {
        let release = () => {};
        let isOver = false;
        let timer: NodeJS.Timeout | undefined;
        const listener = new ServerListenerBuilder()
          .withOnReceiveMetadata((metadata, goOn) => {
            this.admit(metadata, call.getPeer()).then(
              (one) => {
                release = () => void one.work.finally(() => this.calls.space.release(LIMITS.grpcMessageBytes));
                if (isOver) {
                  release();
                  return;
                }
                timer = setTimeout(() => call.sendStatus(statusOf(SILENT)), LIMITS.bodyIdleMs);
                goOn(metadata);
              },
              (error: unknown) => call.sendStatus(statusOf(error)),
            );
          })
          .withOnReceiveMessage((message, goOn) => {
            clearTimeout(timer);
            goOn(message);
          })
          // After every call, however it ends.
          .withOnCancel(() => {
            isOver = true;
            clearTimeout(timer);
            release();
          })
          .build();
        next(listener);
      },
    });

  private async admit(metadata: Metadata, peer: string): Promise<AdmittedCall> {
    const address = addressOf(peer);
    const { delivery, space, isTrusted } = this.calls;
    const { guard, drops, ending } = delivery;
    const services = await guard
      .admitRequest({ address, isTrusted }, keyOf(headersOf(metadata)))
      .catch((error: unknown) => {
        if (
          isFault(error) &&
          (error.kind === "unauthorised" || error.kind === "forbidden" || error.kind === "too_busy")
        )
          drops.count(error.kind, error.message, address);
        throw error;
      });
    this.calls.admitted(peer);
    if (!(await space.takeWhenFree(LIMITS.grpcMessageBytes, LIMITS.bodyIdleMs, ending)))
      throw tooBusy("more is sent than can be taken; send this again a little later");
    const call: AdmittedCall = { address, services, work: Promise.resolve() };
    this.admitted.set(metadata, call);
    return call;
  }
}

/** The metadata of a call as headers. */
export const headersOf = (metadata: Metadata) => ({
  get(name: string): string | null {
    const [value] = metadata.get(name);
    return value === undefined ? null : String(value);
  },
  keys: () => Object.keys(metadata.getMap()),
});

/** Of `address:port`. */
const addressOf = (peer: string) => peer.slice(0, Math.max(peer.lastIndexOf(":"), 0)) || peer;

import type { Received } from "./message";
import type { OpenSession, Session } from "./session";

/** Finds the messages in the bytes of one connection. */
type Frames = Pick<Session, "held"> & { push(chunk: Buffer): Buffer[]; finish(): Buffer[] };

/** Sessions of a protocol that answers nothing, and knows nothing of a connection but where its messages end. */
export function framedSession(framesOf: () => Frames, read: Received["read"]): OpenSession {
  return ({ sender }) => {
    const frames = framesOf();
    const received = (bytes: Buffer): Received => ({ bytes, sender, messages: 1, read });
    return {
      get held() {
        return frames.held;
      },
      push: (chunk) => frames.push(chunk).map(received),
      finish: () => frames.finish().map(received),
    };
  };
}

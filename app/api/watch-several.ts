import { failureOf } from "@/app/api/failure";
import { watchStats } from "@/app/api/watch-stats";
import { watchTail } from "@/app/api/watch-tail";
import { notFound } from "@/core/errors";
import { Multiplex } from "@/core/realtime/multiplex";
import { bytesOf, type Carry, eventText, type Watch, type Watcher } from "@/core/realtime/watcher";
import type { Runtime } from "@/core/runtime";

type Subscription = {
  id: string;
  /** Of an endpoint that sends events, with its parameters. */
  path: string;
  lastEventId?: string;
};

const WATCHES: ReadonlyMap<string, typeof watchTail> = new Map([
  ["/api/logs/stream", watchStats],
  ["/api/logs/tail", watchTail],
]);

/** One that is wrong is told so alone, by an event `refused`: the others are somebody else's. */
export async function watchSeveral(runtime: Runtime, subscriptions: readonly Subscription[]): Promise<Carry> {
  const prepared = await Promise.all(
    subscriptions.map(async (subscription) => ({
      id: subscription.id,
      watch: await prepare(runtime, subscription).catch((error: unknown) => refusing(runtime, error)),
    })),
  );
  return (carrier) => {
    const multiplex = new Multiplex(carrier);
    const leaves = prepared.map(({ id, watch }) => begin(runtime, watch, multiplex.watcher(id)));
    // The client comes again, with what it would rather have.
    if (leaves.every((leave) => leave === null)) carrier.close();
    return () => {
      for (const leave of leaves) leave?.();
    };
  };
}

type Begin = (watcher: Watcher) => (() => void) | null;

async function prepare(runtime: Runtime, { path, lastEventId }: Subscription): Promise<Watch> {
  const [pathname = "", ...parameters] = path.split("?");
  const watch = WATCHES.get(pathname);
  if (!watch) throw notFound(`path must be one of ${[...WATCHES.keys()].join(", ")}, with its parameters`);
  return watch(runtime, new URLSearchParams(parameters.join("?")), lastEventId ?? null);
}

function begin(runtime: Runtime, watch: Begin, watcher: Watcher): (() => void) | null {
  try {
    return watch(watcher);
  } catch (error) {
    return refusing(runtime, error)(watcher);
  }
}

/** Tells why, and watches nothing. */
function refusing({ logger }: Runtime, thrown: unknown): Begin {
  const { status, body } = failureOf(thrown, logger, "/api/logs/events");
  return (watcher) => {
    watcher.write(bytesOf(eventText("refused", JSON.stringify({ status, error: body.error }), null)));
    return null;
  };
}

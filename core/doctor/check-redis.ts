import { Redis } from "ioredis";
import { reasonOf } from "@/core/errors";
import { type Finding, look, ok } from "./finding";

const ANSWERS_WITHIN_MS = 5_000;

/** Whether the Redis answers by which instances count requests together. Without it Cordwood works, each instance by itself. */
export async function checkRedis(url: string): Promise<Finding> {
  const client = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    connectTimeout: ANSWERS_WITHIN_MS,
    commandTimeout: ANSWERS_WITHIN_MS,
    retryStrategy: () => null,
  });
  // What connect throws only says that there is no connection.
  let cause: unknown = null;
  client.on("error", (error) => {
    cause ??= error;
  });
  try {
    await client.connect();
    await client.ping();
    return ok("Redis", "it answers");
  } catch (error) {
    return look(
      "Redis",
      `it does not answer, so each instance counts requests on its own: ${reasonOf(cause ?? error)}`,
      "Look at REDIS_URL: host, port, password.",
    );
  } finally {
    client.disconnect();
  }
}

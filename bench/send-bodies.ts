import http from "node:http";

/** Where bodies are posted. */
export type Target = { path: string; headers: Readonly<Record<string, string>> };

export const OWN_NDJSON: Target = { path: "/api/logs", headers: { "content-type": "application/x-ndjson" } };

/**
 * Posts the bodies over `connections` that stay open, each sending its next body when the last one is answered.
 * The headers of the target, such as an API key, are sent with each.
 * @throws Error for any answer but a success
 */
export async function sendBodies(
  url: string,
  bodies: Iterable<Buffer>,
  connections: number,
  { path, headers }: Target = OWN_NDJSON,
): Promise<void> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const waiting = bodies[Symbol.iterator]();
  const sendAll = async () => {
    for (let next = waiting.next(); !next.done; next = waiting.next())
      await send(`${url}${path}`, next.value, agent, headers);
  };
  try {
    await Promise.all(Array.from({ length: connections }, sendAll));
  } finally {
    agent.destroy();
  }
}

function send(url: string, body: Buffer, agent: http.Agent, headers: Target["headers"]): Promise<void> {
  return new Promise((resolve, reject) => {
    const all = { ...headers, "content-length": body.length };
    const request = http.request(url, { method: "POST", agent, headers: all }, (response) => {
      let answer = "";
      response.on("data", (chunk: Buffer) => {
        answer += chunk.toString();
      });
      response.on("end", () => {
        const { statusCode = 0 } = response;
        if (statusCode >= 200 && statusCode < 300) resolve();
        else reject(new Error(`the server answered ${statusCode}: ${answer.slice(0, 500)}`));
      });
    });
    request.on("error", reject);
    request.end(body);
  });
}

import http from "node:http";

/**
 * Posts the bodies as NDJSON to /api/logs over `connections` that stay open, each sending its next body when the last one
 * is answered.
 * @param key an API key that is sent with each
 * @throws Error for any answer but 201
 */
export async function sendBodies(
  url: string,
  bodies: Iterable<Buffer>,
  connections: number,
  key?: string,
): Promise<void> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const waiting = bodies[Symbol.iterator]();
  const sendAll = async () => {
    for (let next = waiting.next(); !next.done; next = waiting.next()) await send(url, next.value, agent, key);
  };
  try {
    await Promise.all(Array.from({ length: connections }, sendAll));
  } finally {
    agent.destroy();
  }
}

function send(url: string, body: Buffer, agent: http.Agent, key: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const authorization = key === undefined ? undefined : { authorization: `Bearer ${key}` };
    const headers = { "content-type": "application/x-ndjson", "content-length": body.length, ...authorization };
    const request = http.request(`${url}/api/logs`, { method: "POST", agent, headers }, (response) => {
      let answer = "";
      response.on("data", (chunk: Buffer) => {
        answer += chunk.toString();
      });
      response.on("end", () => {
        if (response.statusCode === 201) resolve();
        else reject(new Error(`the server answered ${response.statusCode}: ${answer.slice(0, 500)}`));
      });
    });
    request.on("error", reject);
    request.end(body);
  });
}

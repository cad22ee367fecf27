import http from "node:http";

export type Asked = { status: number; headers: http.IncomingHttpHeaders; body: string };

type Options = {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  /** An answer of 200 never ends, so only its head is waited for. */
  isStream?: boolean;
};

/** A request with whatever headers, which fetch would not send (Host, Origin), and no redirect followed. */
export function ask(base: string, path: string, options: Options = {}): Promise<Asked> {
  const { method = "GET", headers = {}, body, isStream = false } = options;
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const request = http.request({ hostname, port, path, method, headers, agent: false }, (response) => {
      const answer = { status: response.statusCode ?? 0, headers: response.headers };
      if (isStream && answer.status === 200) {
        resolve({ ...answer, body: "" });
        request.destroy();
        return;
      }
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (piece: string) => {
        text += piece;
      });
      response.on("end", () => resolve({ ...answer, body: text }));
      response.on("error", reject);
    });
    request.on("error", (error) => {
      if (!request.destroyed || !isStream) reject(error);
    });
    request.end(body);
  });
}

/** As a browser sends back the cookies of an answer. */
export const cookieOf = ({ headers }: Asked): string =>
  (headers["set-cookie"] ?? []).map((cookie) => cookie.split(";", 1)[0]).join("; ");

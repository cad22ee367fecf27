import type http from "node:http";
import type { AddressInfo } from "node:net";
import type { Config } from "@/core/config";
import { LIMITS } from "@/core/limits";
import { listenError } from "./listen-error";
import { StartError } from "./start-error";

/** A client that is slow on purpose holds a connection only so long. How long a whole request may take, its address says (limit-time.ts). */
export const CONNECTIONS: http.ServerOptions = {
  headersTimeout: LIMITS.headersMs,
  requestTimeout: 0,
  keepAliveTimeout: LIMITS.keepAliveMs,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: LIMITS.headerBytes,
};

/** Where it listens then. @throws StartError */
export function listen(server: http.Server, { host, port }: Config): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(listenError(error, host, port, "PORT")));
    server.listen(port, host, () => {
      const address = server.address();
      if (address && typeof address === "object") resolve(address);
      else reject(new StartError(`HOST must be an address, not "${host}".`));
    });
  });
}

/** Of what has none of its own. */
declare module "winston-log2gelf" {
  import type Transport from "winston-transport";

  type Options = {
    hostname?: string;
    host: string;
    port: number;
    protocol: "tcp" | "tls" | "http" | "https";
    service?: string;
    level?: string;
    protocolOptions?: { headers?: Record<string, string> };
  };
  export default class Log2gelf extends Transport {
    constructor(options: Options);
  }
}

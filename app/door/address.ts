import type { HeaderReader } from "@/core/access/header-reader";
import type { Need } from "@/core/access/needs";
import type { Principal } from "@/core/access/principal";
import type { Runtime } from "@/core/runtime";

/** A request as the door takes it: of Cordwood's own server, or of a route of Next.js. */
export type DoorRequest = {
  method: string;
  /** Without parameters. */
  path: string;
  parameters: URLSearchParams;
  headers: HeaderReader & { keys(): Iterable<string> };
  /** Null where there can be none. Read once, in pieces as they arrive. */
  body: AsyncIterable<Uint8Array> | null;
};

export type DoorAnswer = {
  status: number;
  headers?: Readonly<Record<string, string>>;
  /** Absent: none. */
  body?: string | Buffer;
  /** Set-Cookie headers. */
  cookies?: readonly string[];
};

/** Who asks. */
export type Sender = {
  /** Null: nobody that is known, for what needs nothing. */
  principal: Principal | null;
  /** Of the client, through trusted proxies. */
  address: string;
};

/** One address that is answered before Next.js, with what it needs: the table of them all is addresses.ts. */
export type Address = {
  method: "GET" | "POST" | "PUT" | "OPTIONS";
  /** Exact; with an asterisk at its end every path that begins so. */
  path: string;
  need: Need;
  /** Its bodies may go on for hours: there is no time in which they must have arrived. */
  isEndless?: boolean;
  /** Where the protocol's senders put their key in the URL, the key; null for none. Of every other address such requests are refused. */
  keyInUrl?(request: Pick<DoorRequest, "path" | "parameters">): string | null;
  answer(request: DoorRequest, runtime: Runtime, sender: Sender): Promise<DoorAnswer>;
  /** How a refusal is told where senders expect another form than the API's envelope, or another status. @param message says what was wrong */
  refusal?(
    status: number,
    message: string,
    request: DoorRequest,
  ): Pick<DoorAnswer, "headers" | "body"> & Partial<Pick<DoorAnswer, "status">>;
};

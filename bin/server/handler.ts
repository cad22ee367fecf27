import type http from "node:http";

/** What answers a request of Node.js' server. */
export type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => void;

import http from "node:http";
import { readOptions } from "@/bin/options";

readOptions(
  "node --import tsx bench/bare-server.ts",
  "A bare server, which bench:requests measures beside Cordwood.",
  {},
);

/** The least that can take a line by HTTP in this language: parses the body, keeps nothing. Prints its port. */
const server = http.createServer((request, response) => {
  const pieces: Buffer[] = [];
  request.on("data", (piece: Buffer) => pieces.push(piece));
  request.on("end", () => {
    const entry: unknown = JSON.parse(Buffer.concat(pieces).toString("utf8"));
    const answer = JSON.stringify({
      success: true,
      data: { accepted: entry === null ? 0 : 1, rejected: 0, errors: [] },
    });
    response.writeHead(201, { "content-type": "application/json" }).end(answer);
  });
});

server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  console.log(address && typeof address === "object" ? address.port : "");
});

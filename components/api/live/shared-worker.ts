import { SharedStream } from "./shared-stream";

const stream = new SharedStream("/api/logs/events");

addEventListener("connect", (event) => {
  if (!(event instanceof MessageEvent)) return;
  for (const port of event.ports) stream.add(port);
});

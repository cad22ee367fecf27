import protobuf from "protobufjs/minimal.js";

/** Field numbers begin at 1; a message in another has its length before it. */
const tag = (number: number, wire: 0 | 2) => (number << 3) | wire;

/** ExportLogsServiceResponse in protocol buffers: what was rejected is a partial success, after which nothing is sent again. */
export function exportResponse(rejected: number, message: string): Buffer {
  const writer = protobuf.Writer.create();
  if (rejected > 0) {
    writer.uint32(tag(1, 2)).fork();
    writer.uint32(tag(1, 0)).uint32(rejected).uint32(tag(2, 2)).string(message).ldelim();
  }
  return Buffer.from(writer.finish());
}

/** google.rpc.Status. @param retryAfterSeconds what its detail RetryInfo says; absent: it has none */
export function rpcStatus(code: number, message: string, retryAfterSeconds?: number): Buffer {
  const writer = protobuf.Writer.create();
  if (code !== 0) writer.uint32(tag(1, 0)).int32(code);
  writer.uint32(tag(2, 2)).string(message);
  if (retryAfterSeconds !== undefined) {
    writer.uint32(tag(3, 2)).fork();
    writer.uint32(tag(1, 2)).string("type.googleapis.com/google.rpc.RetryInfo");
    writer.uint32(tag(2, 2)).fork().uint32(tag(1, 2)).fork().uint32(tag(1, 0)).int64(retryAfterSeconds).ldelim();
    writer.ldelim().ldelim();
  }
  return Buffer.from(writer.finish());
}

import { LEVELS, type Level } from "@/core/levels";

/** One deterministic line of a benchmark. */
export type GeneratedLine = { timestamp: Date; level: Level; service: string; message: string; attributes: string };

export const SERVICES = [
  "checkout",
  "payments",
  "catalog",
  "search",
  "accounts",
  "shipping",
  "gateway",
  "notifications",
] as const;
const ROUTES = [
  "/api/cart",
  "/api/orders",
  "/api/products",
  "/api/search",
  "/api/users/me",
  "/api/payments",
  "/healthz",
] as const;
const REGIONS = ["eu-west-1", "eu-north-1", "us-east-1"] as const;

/** Mulberry32: a small generator of random numbers in [0, 1) with a seed, for the same lines in every run. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const pick = <T>(random: () => number, from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;

function levelOf(share: number): Level {
  if (share < 0.1) return "debug";
  if (share < 0.92) return "info";
  if (share < 0.97) return "warning";
  return share < 0.999 ? "error" : "fatal";
}

function messageOf(level: Level, random: () => number): string {
  const id = Math.floor(random() * 1_000_000);
  const route = pick(random, ROUTES);
  if (LEVELS.indexOf(level) <= LEVELS.indexOf("info")) {
    return `GET ${route}?page=${id % 50} completed for user ${id} with 200 in ${(random() * 300).toFixed(1)} ms`;
  }
  if (level === "warning")
    return `Slow response from upstream inventory-${id % 8}: ${Math.floor(random() * 5000)} ms, retry ${id % 3}`;
  return random() < 0.6
    ? `Connection to database pool ${id % 4} refused: too many clients already`
    : `Order ${id} could not be charged: card declined by issuer`;
}

/** A line at `timestamp`, of about 270 bytes as JSON. */
export function generateLine(random: () => number, timestamp: Date): GeneratedLine {
  const level = levelOf(random());
  const id = Math.floor(random() * 0xffffffff);
  const attributes =
    `{"http":{"status":${level === "error" ? 500 : 200},"method":"GET"},"region":"${pick(random, REGIONS)}",` +
    `"trace_id":"${id.toString(16).padStart(8, "0")}","host":"node-${id % 24}"}`;
  return { timestamp, level, service: pick(random, SERVICES), message: messageOf(level, random), attributes };
}

export function toJson({ timestamp, level, service, message, attributes }: GeneratedLine): string {
  return `{"timestamp":"${timestamp.toISOString()}","level":"${level}","service":"${service}","message":"${message}","attributes":${attributes}}`;
}

/** The incident takes the middle of the time: payments loses its database, checkout fails with it. */
const INCIDENT = { from: 0.4, to: 0.65 };

const ROUTES = ["/api/cart", "/api/orders", "/api/products", "/api/search"];

type Entry = { service: string; level: string; message: string; attributes: Record<string, unknown> };

/**
 * One second's entries of a small shop.
 * @param progress from 0 to 1, where the second lies in the whole time
 * @param random gives numbers in [0, 1)
 */
export function demoEntries(count: number, progress: number, random: () => number): Entry[] {
  const isIncident = progress >= INCIDENT.from && progress < INCIDENT.to;
  const pick = (from: readonly string[]) => from[Math.floor(random() * from.length)] ?? "";
  return Array.from({ length: count }, () => {
    const service = pick(["gateway", "gateway", "checkout", "payments", "catalog", "search"]);
    const route = pick(ROUTES);
    const milliseconds = Math.floor(random() * 300);
    const chance = random();
    if (isIncident && service === "payments" && chance < 0.6) {
      return {
        service,
        level: "error",
        message: "connection to database refused: too many clients",
        attributes: { pool: "main" },
      };
    }
    if (isIncident && service === "checkout" && chance < 0.4) {
      return {
        service,
        level: "error",
        message: "payment failed: payments did not answer within 5000 ms",
        attributes: { route },
      };
    }
    if (chance < 0.01)
      return { service, level: "error", message: `unexpected status 502 from ${route}`, attributes: { status: 502 } };
    if (chance < 0.05)
      return {
        service,
        level: "warning",
        message: `slow answer of ${route}`,
        attributes: { duration_ms: 900 + milliseconds },
      };
    if (chance < 0.15) return { service, level: "debug", message: `cache hit for ${route}`, attributes: {} };
    return {
      service,
      level: "info",
      message: `GET ${route} 200`,
      attributes: { status: 200, duration_ms: milliseconds },
    };
  });
}

import type { NextConfig } from "next";

const config: NextConfig = {
  // Types are checked by `npm test`; a start should not wait for it.
  typescript: { ignoreBuildErrors: true },
  // These load files of their own at run time, or must be one instance for the whole process.
  serverExternalPackages: [
    "@aws-sdk/client-s3",
    "@duckdb/node-api",
    "pg",
    "pino",
    "prom-client",
    "drizzle-orm",
    "better-auth",
    "rate-limiter-flexible",
  ],
  poweredByHeader: false,
  // No page has images to make smaller; without this, /_next/image would ask the server itself for what is in its URL.
  images: { unoptimized: true },
  experimental: {
    // forbidden() and unauthorized(), which answer 403 and 401 with a page.
    authInterrupts: true,
    // tsx has Node.js keep the map of every file that is loaded: those of the build took 116 MiB (ADR 4).
    turbopackSourceMaps: process.env.NODE_ENV !== "production",
  },
};

export default config;

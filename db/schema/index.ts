export * from "./entries";
export * from "./ingest-requests";
export * from "./jobs";
export * from "./levels";
export * from "./logs-schema";
export * from "./patterns";
export * from "./services";
export * from "./stats";

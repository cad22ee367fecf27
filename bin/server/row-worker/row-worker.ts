import { parentPort } from "node:worker_threads";
import { serveJobs } from "@/core/ingest/workers/serve-jobs";

if (!parentPort) throw new Error("this is the work of a thread, not of a process");
serveJobs(parentPort);

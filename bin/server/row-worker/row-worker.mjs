// A thread begins without the reader of TypeScript that `node --import tsx` gives the first one.
import { register } from "tsx/esm/api";

register();
await import("./row-worker.ts");

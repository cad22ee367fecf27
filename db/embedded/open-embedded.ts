import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { connectionTo, prepareCluster } from "./data-folder";
import { startEmbeddedServer } from "./embedded-server";
import { lockFolder } from "./folder-lock";

/**
 * The embedded PostgreSQL for a program beside the server: the one that Cordwood has started, or one that is started for as long as
 * it is needed.
 * @throws Error when there is none in the folder, or Cordwood is just starting or stopping
 */
export async function openEmbedded(dataDir: string): Promise<{ connectionString: string; close(): Promise<void> }> {
  if (!existsSync(path.join(dataDir, "postgres"))) throw new Error(`There is no database in ${dataDir}.`);
  const lock = await lockFolder(dataDir);
  if (lock) {
    const server = await startEmbeddedServer(dataDir, (event) => process.stderr.write(`${event}\n`));
    return {
      connectionString: server.connectionString,
      async close() {
        await server.stop();
        await lock.release();
      },
    };
  }
  const cluster = await prepareCluster(dataDir);
  const port = readFileSync(path.join(cluster.folder, "postmaster.pid"), "utf8").split("\n")[3];
  return {
    connectionString: connectionTo(cluster, Number(port)),
    close: async () => undefined,
  };
}

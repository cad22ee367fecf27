import { createHash } from "node:crypto";
import { existsSync, realpathSync, unlinkSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";

export type FolderLock = { release(): Promise<void> };

/**
 * Makes this process the only one that uses `folder`, by whatever links it is named, for as long as it lives. The lock is a local
 * socket: the system takes it back however the process ends, so there is nothing stale to clean up after kill -9 or a reboot. On
 * Linux another container doesn't see it; startEmbeddedServer looks for a server that one has started.
 * @returns null when another process has it
 */
export async function lockFolder(folder: string): Promise<FolderLock | null> {
  const name = `cordwood-${createHash("sha256").update(realPath(folder)).digest("hex").slice(0, 24)}`;
  if (process.platform === "linux") return listen(`\0${name}`);
  if (process.platform === "win32") return listen(`\\\\?\\pipe\\${name}`);
  const file = path.join(os.tmpdir(), `${name}.sock`);
  if (!(await answers(file))) {
    try {
      unlinkSync(file);
    } catch {
      // There was none, which is as good.
    }
  }
  return listen(file);
}

function listen(address: string): Promise<FolderLock | null> {
  return new Promise((resolve, reject) => {
    const server = net.createServer((socket) => socket.destroy());
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(null) : reject(error),
    );
    server.listen(address, () => {
      server.unref();
      resolve({ release: () => new Promise((done) => server.close(() => done())) });
    });
  });
}

/** Without links; what is not there yet is in the folder that it will be made in. */
function realPath(folder: string): string {
  const resolved = path.resolve(folder);
  if (existsSync(resolved)) return realpathSync(resolved);
  const parent = path.dirname(resolved);
  return parent === resolved ? resolved : path.join(realPath(parent), path.basename(resolved));
}

/** Whether somebody listens at a socket of the file system. */
export function answers(file: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(file, () => {
      socket.destroy();
      resolve(true);
    });
    // So many wait there that no more can.
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code === "EAGAIN"));
  });
}

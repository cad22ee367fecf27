import { createHash } from "node:crypto";
import { unlinkSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";

export type FolderLock = { release(): Promise<void> };

/**
 * Makes this process the only one that uses `folder`, for as long as it lives. The lock is a local socket: the system
 * takes it back however the process ends, so there is nothing stale to clean up after kill -9 or a reboot.
 * @returns null when another process has it
 */
export async function lockFolder(folder: string): Promise<FolderLock | null> {
  const name = `cordwood-${createHash("sha256").update(path.resolve(folder)).digest("hex").slice(0, 24)}`;
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

function answers(file: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(file, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

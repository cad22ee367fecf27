/**
 * From now on this process's files and folders, and those of what it starts, are its user's alone, whatever the umask was that it was
 * started with: entries, backups and the secret stand in them. Windows has no such modes.
 */
export function keepPrivate(): void {
  if (process.platform !== "win32") process.umask(0o077);
}

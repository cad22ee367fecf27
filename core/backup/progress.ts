/** Told how far a backup or a restore is. */
export type BackupProgress = {
  /** Files of segments that are looked at, of how many, with their bytes. */
  segments(done: number, of: number, bytes: number): void;
  /** @param name of the table that is next */
  tables(done: number, of: number, name: string): void;
};

import type { BackupLocation } from "@/core/backup/place";
import { bucketOf } from "@/core/config";
import { invalid } from "@/core/errors";
import { fromCaller } from "../from-caller";

/**
 * The place of backups that a program was given.
 * @param named a folder, from where npm was called, or s3://bucket/prefix
 * @throws Fault invalid
 */
export function placeNamed(named: string | undefined, { s3PathStyle }: { s3PathStyle: boolean }): BackupLocation {
  if (named === undefined || named === "") {
    throw invalid("Say where backups are: a folder, or a place in a bucket such as s3://backups/cordwood.");
  }
  if (!named.startsWith("s3:")) return { folder: fromCaller(named) };
  const bucket = bucketOf(named, s3PathStyle);
  if (bucket === null) throw invalid(`"${named}" is no place in a bucket such as s3://backups/cordwood.`);
  return { bucket };
}

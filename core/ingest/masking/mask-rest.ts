import type { Row } from "@/core/ingest/row-block";
import type { Masker } from "./masker";

/** Masks tags and attributes: the message was masked before it was cut. */
export function maskRest(row: Row, masker: Masker): void {
  if (row.tags) maskTags(row, row.tags, masker);
  const { attributesSource, attributesFrom, attributesEnd } = row;
  if (attributesFrom < 0) return;
  const after = masker.maskSlice(attributesSource, attributesFrom, attributesEnd, true);
  if (!after) return;
  row.attributesSource = after.bytes;
  row.attributesFrom = 0;
  row.attributesEnd = after.bytes.length;
  row.masked += after.masked;
}

function maskTags(row: Row, tags: readonly Buffer[], masker: Masker): void {
  row.tags = tags.map((tag) => {
    const after = masker.maskSlice(tag, 0, tag.length);
    row.masked += after?.masked ?? 0;
    return after?.bytes ?? tag;
  });
}

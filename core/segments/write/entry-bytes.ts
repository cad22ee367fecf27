/** An entry as it stands in bytes: where each of its texts begins and, exclusive, ends; -1 for what it has not. */
export type EntryBytes = {
  source: Buffer;
  idHigh: number;
  idLow: number;
  /** Since 1970. */
  micros: number;
  patternHigh: number;
  patternLow: number;
  hasPattern: boolean;
  service: Place;
  level: Place;
  message: Place;
  /** JSON text, as that of attributes. */
  tags: Place;
  /** Where the tags stand, if not in `source`. */
  tagsSource: Buffer;
  attributes: Place;
};

type Place = { from: number; end: number };

export const NOWHERE: Place = { from: -1, end: -1 };

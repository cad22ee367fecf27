/** Members that have a name of their own in the lines of a sender: paths such as `http.request.time`. */
export type FieldPaths = { message?: string; timestamp?: string; level?: string; service?: string };

/** What a sender says of all entries of a request, whatever the protocol: for what no table of names can know. */
export type IngestParameters = {
  /** For entries that name none. */
  service?: string;
  /** For entries that name none: an index in LEVELS. */
  level?: number;
  fields?: FieldPaths;
  /** Added to those of each entry. */
  tags?: readonly string[];
  /** Paths of members that are neither read nor stored. */
  ignored?: readonly string[];
  /** What becomes of an entry older than entries are kept: absent, it is rejected; `now`, it has the time of its arrival. */
  old?: "now";
  /** The same of one whose time is more than a day ahead. */
  ahead?: "now";
};

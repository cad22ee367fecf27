/** One element of structured data: its id, and its parameters in the order in which they were sent. */
export type StructuredData = { id: string; parameters: readonly (readonly [name: string, value: string])[] };

/** What a syslog message says, in either of its formats. Null: not said. */
export type SyslogMessage = {
  /** 0 to 191: eight severities a facility (RFC 5424, 6.2.1). */
  priority: number | null;
  /** As readTime takes it, or as it was sent. */
  timestamp: string | null;
  host: string | null;
  app: string | null;
  procid: string | null;
  msgid: string | null;
  structuredData: readonly StructuredData[];
  /** Without what stood before it. */
  message: string;
};

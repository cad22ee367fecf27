import { memberName } from "@/core/ingest/protocols/entry-text";

/** What a message of syslog says, as members of an entry. The severity is an attribute beside the level, which has fewer names. */
export const SYSLOG_NAMES = {
  timestamp: memberName("timestamp"),
  level: memberName("level"),
  severity: memberName("severity"),
  facility: memberName("facility"),
  host: memberName("host"),
  app: memberName("app"),
  procid: memberName("procid"),
  msgid: memberName("msgid"),
  message: memberName("message"),
  attributes: memberName("attributes"),
};

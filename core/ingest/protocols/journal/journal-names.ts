import { memberName } from "@/core/ingest/protocols/entry-text";
import { LIMITS } from "@/core/limits";

/** What an entry of a journal says, as members of ours. */
export const JOURNAL_NAMES = {
  timestamp: memberName("timestamp"),
  level: memberName("level"),
  message: memberName("message"),
  service: memberName("service"),
  leftOut: memberName("journal_fields_left_out"),
};

/** The fields that say what an entry is of, the first wins (systemd.journal-fields(7); Docker's journald driver has the first). */
export const SERVICE_FIELDS = ["CONTAINER_NAME", "SYSLOG_IDENTIFIER", "_SYSTEMD_UNIT", "_COMM"];

/** Of the values that become attributes, as JSON: they get three quarters of what attributes may have, one of them a quarter. */
export const MOST_ATTRIBUTES_BYTES = (LIMITS.attributesBytes / 4) * 3;
export const MOST_VALUE_BYTES = LIMITS.attributesBytes / 4;

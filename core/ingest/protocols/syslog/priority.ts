/** Names of facilities by their number (RFC 5424, table 1), as syslog(3), rsyslog and syslog-ng write them. */
const FACILITIES = [
  "kern",
  "user",
  "mail",
  "daemon",
  "auth",
  "syslog",
  "lpr",
  "news",
  "uucp",
  "cron",
  "authpriv",
  "ftp",
  "ntp",
  "audit",
  "alert",
  "clock",
  "local0",
  "local1",
  "local2",
  "local3",
  "local4",
  "local5",
  "local6",
  "local7",
] as const;

/** Names of severities by their number (RFC 5424, table 2). */
const SEVERITIES = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"] as const;

export const HIGHEST_PRIORITY = FACILITIES.length * SEVERITIES.length - 1;

/** @param priority from 0 to HIGHEST_PRIORITY: eight times the facility, and the severity (RFC 5424, 6.2.1) */
export const facilityOf = (priority: number): string => FACILITIES[priority >> 3] ?? "";
/** The last three bits. @param priority as above */
export const severityOf = (priority: number): string => SEVERITIES[priority & 7] ?? "";

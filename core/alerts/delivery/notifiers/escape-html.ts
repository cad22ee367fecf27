/** Text between HTML's marks, and Slack's (https://docs.slack.dev/messaging/formatting-message-text). */
export const escapeMarks = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** Text as it stands in HTML, within an element or an attribute in double quotes. */
export const escapeHtml = (text: string): string => escapeMarks(text).replaceAll('"', "&quot;");

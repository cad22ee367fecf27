/** The attribute in which ingest keeps a message as it was sent, when it took colours or other sequences for terminals out of it. */
export const MESSAGE_ANSI = "message_ansi";

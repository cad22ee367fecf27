import { KEY_PREFIX } from "@/core/access/keys/key-text";
import { splitTag } from "@/core/ingest/protocols/split-tag";
import type { StructuredData, SyslogMessage } from "./syslog-message";

/** Of the enterprise number that follows: RFC 5424, 6.3.2, wants one in every name that isn't registered. */
const OWN_DATA = /^cordwood(?:@\d+)?$/;
const OWN_NAME = Buffer.from("cordwood");
const KEY_BEGINNING = Buffer.from(KEY_PREFIX);
const TOKEN = "token";
/** Where a format has no structured data, it may stand before the message all the same. */
const BEFORE_MESSAGE = /^\[cordwood(?:@\d+)? token="([^"\s]{1,255})"\] ?/;

/** Whether takeKey could find a key: it says so too often, but never too seldom. */
export const mayHaveKey = (message: Buffer): boolean => message.includes(OWN_NAME) || message.includes(KEY_BEGINNING);

/**
 * The key that a message brings, and the message without it: the parameter `token` of structured data `cordwood@...`; else before the
 * tag, with a dot between, which is where drivers such as Docker's have a place for it.
 */
export function takeKey<Message extends SyslogMessage>(message: Message): { key: string | null; message: Message } {
  const data = message.structuredData.find(({ id }) => OWN_DATA.test(id));
  const token = data?.parameters.find(([name]) => name === TOKEN)?.[1];
  if (token !== undefined) {
    return { key: token, message: { ...message, structuredData: message.structuredData.flatMap(withoutToken) } };
  }
  const before = BEFORE_MESSAGE.exec(message.message);
  if (before)
    return { key: before[1] ?? null, message: { ...message, message: message.message.slice(before[0].length) } };
  const [key, app] = splitTag(message.app ?? "");
  if (key === null) return { key: null, message };
  // Docker's driver writes the tag as the message id too.
  const [, msgid] = splitTag(message.msgid ?? "");
  return { key, message: { ...message, app: app || null, msgid: msgid || null } };
}

function withoutToken({ id, parameters }: StructuredData): StructuredData[] {
  const rest = OWN_DATA.test(id) ? parameters.filter(([name]) => name !== TOKEN) : parameters;
  return rest.length === 0 && parameters.length > 0 ? [] : [{ id, parameters: rest }];
}

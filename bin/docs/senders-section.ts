import { SENDER_GROUPS, type Sender } from "@/core/senders/sender";
import { partsOf, SENDERS } from "@/core/senders/senders";
import { KEY_PLACEHOLDER, targetOf } from "@/core/senders/target";

const BEGIN = "<!-- senders: written by npm run docs -->";
const END = "<!-- /senders -->";

const target = targetOf("http://127.0.0.1:3000", { key: KEY_PLACEHOLDER, service: "shop" });

/** As GitHub makes it of a heading. */
const anchorOf = ({ name }: Sender): string =>
  name
    .toLowerCase()
    .replace(/[^\w\s-]/g, "")
    .replace(/\s/g, "-");

const fenced = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\``;

/** Of Markdown, for all senders: a list of them, and what has to be done for each. */
function sendersInMarkdown(): string {
  const lists = SENDER_GROUPS.map((group) => {
    const links = SENDERS.filter((sender) => sender.group === group).map(
      (sender) => `[${sender.name}](#${anchorOf(sender)})`,
    );
    return `- ${group}: ${links.join(", ")}`;
  });
  const sections = SENDERS.map((sender) => {
    const parts = partsOf(sender, target, false).map(
      ({ title, language, text }) => `${title}:\n\n${fenced(language, text)}`,
    );
    return [`### ${sender.name}`, sender.about, ...parts].join("\n\n");
  });
  return [lists.join("\n"), ...sections].join("\n\n");
}

/** docs/sending.md with its section of senders as the page "How do you log?" has them. @throws Error when it has no place for it */
export function withSenders(page: string): string {
  const from = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (from < 0 || end < from) throw new Error(`docs/sending.md has no ${BEGIN} and ${END}`);
  return `${page.slice(0, from + BEGIN.length)}\n\n${sendersInMarkdown()}\n\n${page.slice(end)}`;
}

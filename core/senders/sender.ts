import type { ListenerName, Target } from "./target";

/** What people who look for a way to send know: what they write in, what they run on, or what collects their logs already. */
export const SENDER_GROUPS = ["Languages and loggers", "Platforms", "Shippers and files"] as const;

/** One file or command, ready to be pasted. */
export type Part = {
  /** Which file it is, or what the command does. */
  title: string;
  /** Of a fenced block in Markdown. */
  language: string;
  text: string;
};

/** One way to send logs here: the page "How do you log?" and docs/sending.md are made of these. */
export type Sender = {
  /** In the page's address: `?with=fluent-bit`. */
  id: string;
  name: string;
  group: (typeof SENDER_GROUPS)[number];
  /** Other words that people look for. */
  words: readonly string[];
  /** What it does, and what there is to know, in a sentence or two. */
  about: string;
  /** What it sends to, as the table of addresses has it: `POST /api/logs`. None: only a listener. */
  addresses: readonly string[];
  listener?: ListenerName;
  /** Whether the configuration says the service; else it comes from what the sender knows, which `about` tells. */
  saysService: boolean;
  /** It runs on machines of others, or in containers, which can't reach an address of this machine only. */
  runsElsewhere?: boolean;
  configure(to: Target): readonly Part[];
};

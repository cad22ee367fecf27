import { notFound } from "@/core/errors";
import type { EntriesContext } from "@/core/segments/segments";
import type { BuiltIn } from "./built-in";
import { errorsByPattern } from "./errors-by-pattern";
import { sampleFields } from "./sample-fields";
import { webRequests } from "./web-requests";
import { whatIsSent } from "./what-is-sent";

const ALL = [webRequests, errorsByPattern, whatIsSent] as const;

/** The dashboards that come with Cordwood, those that fit what is being sent. */
export async function offerBuiltIn(context: EntriesContext): Promise<BuiltIn[]> {
  const sampled = await sampleFields(context);
  return ALL.flatMap((make) => make(sampled) ?? []);
}

/** @throws Fault not_found for one that there is not, or for which nothing is sent */
export async function getBuiltIn(context: EntriesContext, key: string): Promise<BuiltIn> {
  const found = (await offerBuiltIn(context)).find((one) => one.key === key);
  if (!found) throw notFound(`there is no dashboard ${key.slice(0, 50)} for what is being sent`);
  return found;
}

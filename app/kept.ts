import { cookies } from "next/headers";
import { KEPT_COOKIES, type Kept } from "@/components/kept/kept-names";

/** What the browser that asks for a page keeps of how it shows them. */
export async function keptOf(): Promise<Kept> {
  const sent = await cookies();
  return { bannerPutAway: sent.get(KEPT_COOKIES.bannerPutAway)?.value ?? null };
}

import { cookies } from "next/headers";
import { type Kept, readKept } from "@/components/kept/kept-names";

/** What the browser that asks for a page keeps of how it shows them. */
export async function keptOf(): Promise<Kept> {
  const sent = await cookies();
  return readKept((cookie) => sent.get(cookie)?.value);
}

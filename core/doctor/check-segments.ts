import { reasonOf } from "@/core/errors";
import { nounFor } from "@/core/noun";
import { checkStore, StoreError } from "@/core/segments/check-store";
import { countProblems } from "@/core/segments/count-problems";
import type { StoreContext } from "@/core/segments/seal-context";
import { type Finding, ok, trouble } from "./finding";

/** Whether the store of segments is there and this database's, and what is known of its files. */
export async function checkSegments(context: StoreContext): Promise<Finding[]> {
  const { store } = context.segments;
  try {
    await checkStore(context, false);
  } catch (error) {
    const todo =
      error instanceof StoreError
        ? "Set CORDWOOD_SEGMENTS, or DATABASE_URL, as it says: until then nothing is sealed."
        : "Look at the folder or the bucket that CORDWOOD_SEGMENTS names, and at its credentials.";
    return [trouble("store of segments", `${store.name}: ${reasonOf(error)}`, todo)];
  }
  const { missing, damaged } = await countProblems(context);
  const reached = ok("store of segments", `${store.name} can be read`);
  if (missing + damaged === 0) return [reached];
  return [
    reached,
    trouble(
      "segments",
      `${missing} ${nounFor(missing, "file")} missing, ${damaged} damaged`,
      "npm run segments -- verify names them: put them back from a backup.",
    ),
  ];
}

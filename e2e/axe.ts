import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";

/** WCAG 2.2, levels A and AA, and what came before it. */
export const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** What makes it easy to find one's way besides: landmarks, the order of headings. */
export const FINDING_ONES_WAY = ["best-practice"];

/**
 * What axe-core finds on the page as it is now: rule, place, and what is wrong, a line each. Its results are put together in
 * the page itself ("legacy") and hold violations only, which takes a third of the time: the other way opens a further page
 * each time, to keep the results of frames of other origins apart, and there are none.
 */
export async function violationsOf(page: Page, rules: string[] = WCAG): Promise<string[]> {
  const axe = new AxeBuilder({ page })
    .setLegacyMode(true)
    .options({ resultTypes: ["violations"] })
    .withTags(rules);
  const { violations } = await axe.analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => {
      const why = failureSummary?.split("\n").slice(1, 2).join(" ").trim();
      return `${id} at ${target.join(" ")}: ${why}`;
    }),
  );
}

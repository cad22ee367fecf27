import { type Browser, type BrowserContext, expect, type Page, test as plain } from "@playwright/test";
import { violationsOf } from "./axe";

/** Paths whose pages were checked already as they are when they are left; how a test ends is always checked. */
const checkedPaths = new Set<string>();

/**
 * For every test that opens pages: axe-core looks at each page of it, when the test goes from it to another address and as it is at
 * the end, in whatever context it was opened. So no new page can be without.
 */
export const test = plain.extend<{ accessible: undefined }>({
  accessible: [
    async ({ browser }, use) => {
      const found: string[] = [];
      const stop = watchContexts(browser, found);
      await use(undefined);
      stop();
      for (const context of browser.contexts()) {
        // Which checks its pages. Left open, it would be looked at again after each later test.
        await context.close();
      }
      expect(found, "what axe-core finds").toEqual([]);
    },
    { auto: true },
  ],
});

export { expect, type Page } from "@playwright/test";

/** @returns what ends it */
function watchContexts(browser: Browser, found: string[]): () => void {
  const { newContext } = browser;
  browser.newContext = async (options) => {
    const context = await newContext.call(browser, options);
    watchPages(context, found);
    return context;
  };
  return () => {
    browser.newContext = newContext;
  };
}

function watchPages(context: BrowserContext, found: string[]): void {
  const { close } = context;
  context.close = async (options) => {
    context.close = close;
    for (const page of lastOfEachPath(context.pages())) await check(page, found);
    return close.call(context, options);
  };
  context.on("page", (page) => {
    const { goto } = page;
    page.goto = async (url, options) => {
      await checkOnce(page, found);
      return goto.call(page, url, options);
    };
  });
}

/** Tabs of one page, such as twelve tails, are looked at once. */
function lastOfEachPath(pages: readonly Page[]): Iterable<Page> {
  return new Map(pages.filter(isOurs).map((page) => [new URL(page.url()).pathname, page])).values();
}

async function checkOnce(page: Page, found: string[]): Promise<void> {
  if (!isOurs(page)) return;
  const { pathname } = new URL(page.url());
  if (checkedPaths.has(pathname)) return;
  checkedPaths.add(pathname);
  await check(page, found);
}

async function check(page: Page, found: string[]): Promise<void> {
  if (!isOurs(page)) return;
  // Next.js takes a title away up to a tenth of a second before the next one is there. A page that never has one fails by this.
  await expect(page).toHaveTitle(/./);
  const violations = await violationsOf(page);
  found.push(...violations.map((violation) => `${new URL(page.url()).pathname}: ${violation}`));
}

/** A page of Cordwood: neither an answer of its API, which the browser shows as text, nor an error of the browser. */
function isOurs(page: Page): boolean {
  if (page.isClosed()) return false;
  const { protocol, pathname } = new URL(page.url());
  return protocol.startsWith("http") && !pathname.startsWith("/api/");
}

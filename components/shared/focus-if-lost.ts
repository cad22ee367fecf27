/** Of the page's own part, behind the navigation. */
export const CONTENT = "content";

/** Where what had the focus is gone, such as the row of something that was deleted, the keyboard goes on with the page and not with the browser's. */
export function focusIfLost(): void {
  const { activeElement, body } = document;
  if (activeElement === null || activeElement === body)
    document.getElementById(CONTENT)?.focus({ preventScroll: true });
}

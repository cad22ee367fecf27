/** On the document: React has come and what is clicked is answered. */
export const ALIVE_EVENT = "cordwood:alive";

/**
 * Keeps what somebody does on a page that is shown and not alive yet (React comes a moment later, on a slow machine or line much later),
 * and does it once it is: the last click on each thing, and what was typed. Links work without it and are left to the browser. Without
 * this a click came to nothing, and a form was sent by the browser itself, with a password in its address.
 *
 * Runs in the page's head, from its source text: uses nothing from outside of itself.
 *
 * @param aliveEvent - name of the event on the document that tells that the page is alive
 */
export function keepEarlyActions(aliveEvent: string): void {
  const actions = new Map<EventTarget, { event: Event; repeat: () => void }>();

  const keep = (event: Event, target: EventTarget, repeat: () => void): void => {
    actions.delete(target);
    actions.set(target, { event, repeat });
  };

  const keepClick = (event: MouseEvent): void => {
    const { target } = event;
    if (!(target instanceof Element) || target.closest("a[href]")) return;
    event.preventDefault();
    keep(event, target, () => target.dispatchEvent(new MouseEvent("click", event)));
  };

  const keepTyping = (event: Event): void => {
    const { target } = event;
    if (!(target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement)) return;
    const { value } = target;
    keep(event, target, () => {
      // React compares with what was last set through the element itself, so the new text is set past it.
      target.value = "";
      Object.getOwnPropertyDescriptor(Object.getPrototypeOf(target), "value")?.set?.call(target, value);
      target.dispatchEvent(new Event("input", { bubbles: true }));
    });
  };

  const keepSubmit = (event: Event): void => {
    const { target } = event;
    if (!(target instanceof HTMLFormElement)) return;
    event.preventDefault();
    keep(event, target, () => target.requestSubmit());
  };

  const repeatAll = (): void => {
    document.removeEventListener("click", keepClick, true);
    document.removeEventListener("input", keepTyping, true);
    document.removeEventListener("submit", keepSubmit, true);
    for (const [target, { event, repeat }] of actions) {
      // One that is still on its way to its listeners is the one that made React come alive, and React hands it on by itself.
      if (event.eventPhase === Event.NONE && target instanceof Node && target.isConnected) repeat();
    }
  };

  document.addEventListener("click", keepClick, true);
  document.addEventListener("input", keepTyping, true);
  document.addEventListener("submit", keepSubmit, true);
  document.addEventListener(aliveEvent, repeatAll, { once: true });
}

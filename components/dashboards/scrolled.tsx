import type { ReactNode } from "react";
import classes from "./dashboards.module.css";

/** Scrolls within the panel, by the keyboard too. */
export function Scrolled({ title, children }: { title: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for what is filled in
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <div className={classes.scrolled} tabIndex={0} role="group" aria-label={title === "" ? "Panel" : title}>
      {children}
    </div>
  );
}

"use client";

import type { CSSProperties, ReactNode } from "react";
import type { Panel } from "@/core/dashboards/definition";
import { compacted, inOrder } from "./arrange";
import classes from "./dashboards.module.css";

/** Of a row, and between two panels, in pixels; dashboards.module.css has the same. */
export const ROW = 28;
export const GAP = 12;

const heightOf = ({ height }: Panel) => height * ROW + (height - 1) * GAP;

/** Panels in their places, as they are looked at: also before anything has run in the browser. */
export function ViewGrid({ panels, children }: { panels: readonly Panel[]; children(panel: Panel): ReactNode }) {
  return (
    <div className={classes.grid}>
      {inOrder(compacted(panels)).map((panel) => {
        const { id, x, y, width, height } = panel;
        const style: CSSProperties & { "--panel-height": string } = {
          gridColumn: `${x + 1} / span ${width}`,
          gridRow: `${y + 1} / span ${height}`,
          "--panel-height": `${heightOf(panel)}px`,
        };
        return (
          <div key={id} className={classes.cell} style={style}>
            {children(panel)}
          </div>
        );
      })}
    </div>
  );
}

"use client";

import "react-grid-layout/css/styles.css";
import type { ReactNode, Ref } from "react";
import type { Layout } from "react-grid-layout/core";
import { GridLayout, useContainerWidth } from "react-grid-layout/react";
import { GRID, type Panel } from "@/core/dashboards/definition";
import { compacted, layoutOf, placedBy } from "./arrange";
import classes from "./dashboards.module.css";
import { GAP, ROW } from "./view-grid";

type EditGridProps = {
  panels: readonly Panel[];
  place(panels: readonly Panel[]): void;
  children(panel: Panel): ReactNode;
};

/** By what a panel is dragged. */
export const HANDLE = "panel-handle";

/**
 * Panels that are dragged and made larger and smaller by the pointer; panel-menu.tsx and move-handle.tsx have the other ways. They stay
 * in one order in the page as long as they are changed, so that what has the focus keeps it.
 */
export function EditGrid({ panels, place, children }: EditGridProps) {
  const { width, containerRef, mounted } = useContainerWidth({ measureBeforeMount: true });
  // Not what the grid itself makes of them when it comes: that is no change of anybody's.
  const follow = (layout: Layout) => {
    const before = compacted(panels);
    const placed = compacted(placedBy(before, layout));
    if (placed !== before) place(placed);
  };
  return (
    <div ref={containerRef} className={classes.editing}>
      {mounted && (
        <GridLayout
          width={width}
          layout={layoutOf(panels)}
          gridConfig={{ cols: GRID.columns, rowHeight: ROW, margin: [GAP, GAP], containerPadding: [0, 0] }}
          dragConfig={{ handle: `.${HANDLE}` }}
          resizeConfig={{ handles: ["se"], handleComponent: resizeHandle }}
          onDragStop={follow}
          onResizeStop={follow}
        >
          {panels.map((panel) => (
            <div key={panel.id}>{children(panel)}</div>
          ))}
        </GridLayout>
      )}
    </div>
  );
}

const resizeHandle = (_axis: string, ref: Ref<HTMLElement>) => (
  <span ref={ref} className={`${classes.resize} react-resizable-handle-se`} aria-hidden />
);

"use client";

import type { ReactNode } from "react";
import { plainText } from "@/components/shared/plain-text";
import type { Panel } from "@/core/dashboards/definition";
import classes from "./dashboards.module.css";
import { PanelBody, type Shown } from "./panel-body";

type PanelFrameProps = {
  panel: Panel;
  shown: Shown;
  /** Stands before the title. */
  handle?: ReactNode;
  /** Stands behind it. */
  menu?: ReactNode;
  isEditing?: boolean;
};

/** A panel with its title, which a screen reader can jump to. */
export function PanelFrame({ panel, shown, handle, menu, isEditing }: PanelFrameProps) {
  const title = titleOf(panel);
  return (
    <section className={classes.panel} data-editing={isEditing || undefined} aria-label={title}>
      {(panel.title !== "" || handle !== undefined || menu !== undefined) && (
        <div className={classes.head}>
          {handle}
          {panel.title === "" && !isEditing ? (
            <div className={classes.title} />
          ) : (
            <h2 className={classes.title} title={title}>
              {title}
            </h2>
          )}
          {menu}
        </div>
      )}
      <div className={classes.body}>
        <PanelBody panel={panel} shown={shown} />
      </div>
    </section>
  );
}

const KINDS: Readonly<Record<Panel["kind"], string>> = {
  query: "Chart",
  text: "Text",
  lines: "Lines",
  health: "Health",
  incidents: "Open incidents",
};

export const kindLabel = (kind: Panel["kind"]): string => KINDS[kind];

/** How a panel is called, also one without a title. */
export const titleOf = ({ title, kind, id }: Panel): string => plainText(title === "" ? `${KINDS[kind]} ${id}` : title);

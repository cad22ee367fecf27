"use client";

import type { ReactNode } from "react";
import type { Need } from "@/core/access/needs";
import { useMay } from "./viewer";

/** What only some may do is not offered to the others. */
export function Only({ need, children }: { need: Need; children: ReactNode }) {
  return useMay(need) ? children : null;
}

"use client";

import { createContext, type ReactNode, useContext } from "react";
import { mayRole, type Need } from "@/core/access/needs";
import type { Role } from "@/core/access/roles";

/** Who looks at the page. `local`: somebody at the machine itself, while there is no account, and the server's own URL. */
export type Viewer = { kind: "local"; listensOn: string } | { kind: "user"; name: string; email: string; role: Role };

const ViewerContext = createContext<Viewer>({ kind: "user", name: "", email: "", role: "viewer" });

export function ViewerProvider({ viewer, children }: { viewer: Viewer; children: ReactNode }) {
  return <ViewerContext.Provider value={viewer}>{children}</ViewerContext.Provider>;
}

export const useViewer = (): Viewer => useContext(ViewerContext);

/** Whether to show what changes something: the server decides again. */
export function useMay(need: Need): boolean {
  const viewer = useViewer();
  return viewer.kind === "local" ? need !== "account" : mayRole(viewer.role, need);
}

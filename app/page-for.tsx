import { headers } from "next/headers";
import { forbidden, redirect, unauthorized } from "next/navigation";
import type { ReactNode } from "react";
import { signInPath } from "@/components/access/sign-in-path";
import { isOpenNeed, may, type Need } from "@/core/access/needs";
import { SERVER_HEADERS } from "@/core/access/server-headers";
import { viewerOf } from "./viewer";

type Page<Props> = (props: Props) => ReactNode | Promise<ReactNode>;

/**
 * The one wrapper of pages: each says what its viewer needs (a test asks every page of the build). Nobody is led to sign in
 * and back; one who may not is told.
 */
export function pageFor<Props>(need: Need, render: Page<Props>): Page<Props> & { need: Need } {
  const page = async (props: Props) => {
    await requireViewer(need);
    return render(props);
  };
  return Object.assign(page, { need });
}

async function requireViewer(need: Need): Promise<void> {
  if (need === "always") return;
  const { mode, principal } = await viewerOf();
  if (principal === null && mode === "locked") unauthorized();
  if (isOpenNeed(need)) return;
  if (principal === null) {
    redirect(signInPath((await headers()).get(SERVER_HEADERS.path) ?? "/"));
  }
  if (!may(principal, need)) forbidden();
}

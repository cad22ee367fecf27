import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { pageFor } from "@/app/page-for";
import type { SearchParameters } from "@/app/search-parameters";
import { viewerOf } from "@/app/viewer";
import { SignInPage } from "@/components/access/sign-in-page";
import { localPath } from "@/core/access/local-path";
import { oidcProblem } from "@/core/access/sessions/oidc-problem";
import { getRuntime } from "@/core/runtime";

export const metadata: Metadata = { title: "Sign in" };

export default pageFor("nothing", async ({ searchParams }: { searchParams: SearchParameters }) => {
  const { next, error } = await searchParams;
  const path = localPath(typeof next === "string" ? next : "/");
  const { principal } = await viewerOf();
  if (principal) redirect(path);
  const oidcError = typeof error === "string" ? oidcProblem(error) : null;
  return <SignInPage next={path} oidcName={getRuntime().config.oidc?.name ?? null} oidcError={oidcError} />;
});

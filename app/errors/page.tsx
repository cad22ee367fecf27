import type { Metadata } from "next";
import { connection } from "next/server";
import { ErrorsPage } from "@/components/errors/errors-page";
import { getRuntime } from "@/core/runtime";
import { getSeen } from "@/core/stats/get-seen";

export const metadata: Metadata = { title: "Errors" };

export default async function Page() {
  await connection();
  return <ErrorsPage services={[...(await getSeen(getRuntime().db)).keys()]} />;
}

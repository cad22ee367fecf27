import type { Metadata } from "next";
import { connection } from "next/server";
import { JobsPage } from "@/components/jobs/jobs-page";
import { getJobs } from "@/core/jobs/get-jobs";
import { getRuntime } from "@/core/runtime";

export const metadata: Metadata = { title: "Jobs" };

export default async function Page() {
  await connection();
  return <JobsPage initial={await getJobs(getRuntime())} />;
}

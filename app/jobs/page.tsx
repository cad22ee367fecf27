import type { Metadata } from "next";
import { pageFor } from "@/app/page-for";
import { JobsPage } from "@/components/jobs/jobs-page";
import { getJobs } from "@/core/jobs/get-jobs";
import { getRuntime } from "@/core/runtime";

export const metadata: Metadata = { title: "Jobs" };

export default pageFor("read", async () => {
  return <JobsPage initial={await getJobs(getRuntime())} />;
});

import type { Context } from "@/core/context";
import { getFailingJobs } from "@/core/jobs/get-failing-jobs";
import { getLateJobs } from "@/core/jobs/get-late-jobs";
import { type Finding, look, ok, trouble } from "./finding";

/** Jobs that fail again and again, and those that have not begun for long. @param isRunning whether a Cordwood is there to run them */
export async function checkJobs(context: Context, isRunning: boolean): Promise<Finding[]> {
  const failing = await getFailingJobs(context);
  const findings = failing.map(({ title, error }) =>
    trouble("jobs", `"${title}" fails: ${error ?? "nobody knows why"}`, "Look at the page Jobs and at the log."),
  );
  const late = await getLateJobs(context, null);
  if (late.length > 0) {
    const says = `late: ${late.map(({ title }) => `"${title}"`).join(", ")}`;
    findings.push(
      isRunning
        ? trouble(
            "jobs",
            says,
            "Look whether an instance runs jobs, or, with an Inngest server, whether it reaches /api/inngest.",
          )
        : look("jobs", says, "Start Cordwood: what was missed is caught up."),
    );
  }
  return findings.length > 0 ? findings : [ok("jobs", "each has run when it should have")];
}

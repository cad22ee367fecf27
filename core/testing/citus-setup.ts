import type { TestProject } from "vitest/node";
import { CitusCluster, findCitus } from "./citus";

/** Starts a cluster of Citus for the whole run, on which each test file makes a database of its own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const archive = findCitus();
  if (archive === null) throw new Error("there is no Citus for this machine beside the project");
  const cluster = await CitusCluster.start(archive);
  project.provide("postgres", "");
  project.provide("citus", cluster.ports);
  return () => cluster.stop();
}

import type { Metadata } from "next";
import { pageFor } from "@/app/page-for";
import { HealthPage } from "@/components/settings/health-page";
import { getRuntime } from "@/core/runtime";
import { getHealth } from "@/core/settings/get-health";

export const metadata: Metadata = { title: "Health" };

export default pageFor("administer", async () => <HealthPage initial={await getHealth(getRuntime())} />);

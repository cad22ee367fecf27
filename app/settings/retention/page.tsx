import type { Metadata } from "next";
import { pageFor } from "@/app/page-for";
import { RetentionPage } from "@/components/settings/retention-page";
import { getRuntime } from "@/core/runtime";
import { getRetention } from "@/core/settings/get-retention";

export const metadata: Metadata = { title: "Retention" };

export default pageFor("administer", async () => <RetentionPage initial={await getRetention(getRuntime())} />);

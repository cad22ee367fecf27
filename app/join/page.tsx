import type { Metadata } from "next";
import { pageFor } from "@/app/page-for";
import { JoinPage } from "@/components/access/join-page";

export const metadata: Metadata = { title: "Join" };

export default pageFor("nothing", () => <JoinPage />);

import type { Metadata } from "next";
import { pageFor } from "@/app/page-for";
import { sendingPlaceOf } from "@/app/sending-place";
import { SendPage } from "@/components/send/send-page";

export const metadata: Metadata = { title: "How do you log?" };

export default pageFor("read", async () => <SendPage place={await sendingPlaceOf()} />);

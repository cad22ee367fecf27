import { Inngest } from "inngest";
import { getRuntime } from "@/core/runtime";
import { APP_ID } from "./app-id";

/** Without an Inngest server the embedded runner calls the functions, and its own token is checked instead of signatures. */
export const createClient = () =>
  new Inngest({ id: APP_ID, isDev: getRuntime().config.inngestServer ? undefined : true });

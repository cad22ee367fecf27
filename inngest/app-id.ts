/** Names Cordwood to Inngest; part of every function's full id. */
export const APP_ID = "cordwood";

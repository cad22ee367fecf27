/** What the command `cordwood` does: the program of each word, and what it is for. */
export const PROGRAMS = {
  start: { file: "start", about: "start the server (this is what happens without a word)" },
  send: { file: "send", about: "send log files to a running Cordwood" },
  demo: { file: "demo", about: "send the traffic of a small shop" },
  backup: { file: "backup", about: "make a backup, beside a running Cordwood or without one" },
  restore: { file: "restore", about: "fill an empty installation with a backup" },
  segments: { file: "segments", about: "list, verify or export what is sealed" },
  doctor: { file: "doctor", about: "look at an installation and say what to do" },
};

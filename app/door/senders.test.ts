import { expect, test } from "vitest";
import { SENDERS } from "@/core/senders/senders";
import { targetOf } from "@/core/senders/target";
import { findAddress } from "./addresses";

const ORIGIN = "http://logs.example.com:3000";

test.each(SENDERS)("given the sender $name, then what it sends to is answered", ({ addresses, listener }) => {
  if (!listener) expect(addresses.length).toBeGreaterThan(0);
  for (const address of addresses) {
    const [method = "", path = ""] = address.split(" ");
    expect(findAddress(method, path.replace("*", "_bulk")), address).not.toBeNull();
  }
});

test.each(SENDERS)(
  "given the configuration of $name, then each path of the server in it is one that is answered",
  (sender) => {
    const parts = sender.configure(targetOf(ORIGIN, { key: "cw_key", service: "shop" }));
    for (const { text } of parts) {
      for (const [, path = ""] of text.matchAll(/logs\.example\.com:3000(\/[\w/.-]*)/g)) {
        if (path === "/") continue;
        expect(findAddress("POST", path) ?? findAddress("GET", path), path).not.toBeNull();
      }
    }
  },
);

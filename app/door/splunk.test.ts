import { expect, test } from "vitest";
import { SPLUNK } from "./splunk";

test.each([429, 503])(
  "given too much at once, told everywhere else by %d, then its sender is told to send it again, by Splunk's code",
  (status) => {
    const request = {
      method: "POST",
      path: "/services/collector",
      parameters: new URLSearchParams(),
      headers: new Headers(),
      body: null,
    };
    expect(SPLUNK[0]?.refusal?.(status, "too much", request)).toMatchObject({
      status: 503,
      body: '{"text":"Server is busy: too much","code":9}',
    });
  },
);

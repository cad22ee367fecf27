import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { timeOf } from "@/core/testing/grows-evenly";
import { countLibraries, readTrace } from "./read-trace";

const fixture = (name: string) => readFileSync(path.join(import.meta.dirname, "fixtures", `${name}.txt`), "utf8");

/** What is expected of a line may leave out its end. */
const shortenedTo = (expected: readonly string[]) => (line: string, index: number) => {
  const [wanted = ""] = expected.slice(index);
  return wanted.endsWith("…") && line.startsWith(wanted.slice(0, -1)) ? wanted : line;
};

/** A line for each part: what stands in a text, a frame of one's own, or of which libraries how many frames are. */
function outline(text: string): string[] {
  return (readTrace(text) ?? []).map((part) => {
    if (part.kind === "library") {
      return `- ${countLibraries(part)
        .map(({ library, count }) => `${library} ${count}`)
        .join(", ")}`;
    }
    const line = (part.lines.find((one) => one.trim() !== "") ?? "").trim();
    return `${part.kind === "own" ? ">" : "|"} ${line}`;
  });
}

// Each was printed by a program of its language, but .NET's.
const OUTLINES: Readonly<Record<string, readonly string[]>> = {
  java: [
    "| java.util.concurrent.ExecutionException: com.acme.shop.Checkou…",
    "- Java 2",
    "> at com.acme.shop.Checkout.main(Checkout.java:14)",
    "| Caused by: com.acme.shop.Checkout$PaymentException: order 42 c…",
    "> at com.acme.shop.Checkout.charge(Checkout.java:10)",
    "> at com.acme.shop.Checkout.lambda$main$1(Checkout.java:14)",
    "- Java 4",
    "| Caused by: java.lang.NumberFormatException: For input string: …",
    "- Java 3",
    "> at com.acme.shop.Checkout.priceOf(Checkout.java:6)",
    "- Java 8",
    "> at com.acme.shop.Checkout.total(Checkout.java:7)",
    "> at com.acme.shop.Checkout.charge(Checkout.java:9)",
    "| ... 5 more",
    "> at com.acme.shop.Checkout.lambda$charge$0(Checkout.java:9)",
    "| ... 6 more",
  ],
  "java-spring": [
    "| org.springframework.beans.factory.BeanCreationException: Error…",
    "- Spring 11",
    "> at com.acme.shop.Shop.main(Shop.java:12)",
    "| Caused by: org.springframework.beans.BeanInstantiationExceptio…",
    "- Spring 3",
    "| ... 11 more",
    "> at com.acme.shop.Shop$Ledger.open(Shop.java:5)",
    "> at com.acme.shop.Shop$Ledger.<init>(Shop.java:5)",
    "- Java 5, Spring 1",
    "| ... 13 more",
  ],
  python: [
    "| Exception on /pay/42 [GET]",
    "- sqlalchemy 2",
    "| sqlite3.OperationalError: no such table: accounts",
    '> File "/srv/shop/py/checkout.py", line 15, in charge',
    "- sqlalchemy 8",
    "| sqlalchemy.exc.OperationalError: (sqlite3.OperationalError) no…",
    "- flask 4",
    '> File "/srv/shop/py/checkout.py", line 24, in pay',
    '> File "/srv/shop/py/checkout.py", line 19, in charge',
    "| PaymentError: order 42 could not be paid",
  ],
  "python-group": [
    "| + Exception Group Traceback (most recent call last):",
    '> |   File "/srv/shop/py/prices.py", line 9, in <module>',
    '> |   File "/srv/shop/py/prices.py", line 8, in main',
    "| | ExceptionGroup: two prices are missing (2 sub-exceptions)",
    '> |   File "/srv/shop/py/prices.py", line 6, in main',
    '> |   File "/srv/shop/py/prices.py", line 2, in load',
    "| | KeyError: 'a'",
    '> |   File "/srv/shop/py/prices.py", line 6, in main',
    '> |   File "/srv/shop/py/prices.py", line 2, in load',
    "| | KeyError: 'b'",
  ],
  "node-express": [
    "| TypeError: Cannot read properties of null (reading 'amount')",
    "> at priceOf (/srv/shop/node/checkout.js:7:44)",
    "> at /srv/shop/node/checkout.js:5:45",
    "- JavaScript 1",
    "> at Basket.total (/srv/shop/node/checkout.js:5:31)",
    "> at /srv/shop/node/checkout.js:11:93",
    "- express 5",
  ],
  "node-cause": [
    "| Error: prices can't be read",
    "> at load (/srv/shop/node/checkout.js:16:90)",
    "> at async main (/srv/shop/node/checkout.js:17:27)",
    "> at async Server.<anonymous> (/srv/shop/node/checkout.js:18:9…",
    "| [cause]: Error: ENOENT: no such file or directory, open '/srv/…",
    "- Node.js 2",
    "> at async load (/srv/shop/node/checkout.js:16:44)",
    "> at async main (/srv/shop/node/checkout.js:17:27)",
    "> at async Server.<anonymous> (/srv/shop/node/checkout.js:18:9…",
    "| errno: -2,",
  ],
  dotnet: [
    "| System.InvalidOperationException: Order 42 could not be paid",
    "- Npgsql 2, .NET 1",
    "> at Acme.Shop.Payments.Ledger.ChargeAsync(Guid account, Decima…",
    "| --- End of inner exception stack trace ---",
    "> at Acme.Shop.Payments.Ledger.ChargeAsync(Guid account, Decima…",
    "> at Acme.Shop.Checkout.<>c__DisplayClass2_0.<<PayAsync>b__0>d.…",
    "| --- End of stack trace from previous location ---",
    "- .NET 2, ASP.NET Core 2, Humanizer 1",
  ],
  "go-http": [
    "| http: panic serving 127.0.0.1:60744: runtime error: invalid me…",
    "- Go 2",
    "> example.com/shop/payments.(*Ledger).Charge(...)",
    "> main.pay({0x7608a8?, 0xc00012a000?}, 0xc0000954a0?)",
    "- Go 4, gorilla/mux 1",
  ],
  "go-errors": [
    "| card declined",
    "> example.com/shop/payments.Refuse",
    "> main.main",
    "- Go 2",
    "| order 7",
    "> main.main",
    "- Go 2",
  ],
  "go-panic": [
    "| panic: runtime error: invalid memory address or nil pointer de…",
    "> example.com/shop/payments.(*Ledger).Charge(...)",
    "> main.main.func1()",
    "> created by main.main",
  ],
  ruby: [
    "| checkout.rb:10:in `rescue in price': line x has no price (Runt…",
    "> from checkout.rb:7:in `price'",
    "> from checkout.rb:6:in `block in total'",
    "> from checkout.rb:6:in `map'",
    "> from checkout.rb:6:in `total'",
    "> from checkout.rb:27:in `<main>'",
    "| /usr/lib/ruby/3.1.0/json/common.rb:216:in `parse': 859: unexpe…",
    "- Ruby 1",
    "> from checkout.rb:8:in `price'",
    "> from checkout.rb:6:in `block in total'",
    "> from checkout.rb:6:in `map'",
    "> from checkout.rb:6:in `total'",
    "> from checkout.rb:27:in `<main>'",
  ],
  "ruby-sinatra": [
    "| RuntimeError - line x has no price:",
    "> checkout.rb:10:in `rescue in price'",
    "> checkout.rb:7:in `price'",
    "> checkout.rb:6:in `block in total'",
    "> checkout.rb:6:in `map'",
    "> checkout.rb:6:in `total'",
    "> checkout.rb:17:in `block in <class:Shop>'",
    "- sinatra 25, rack-protection 6, rack 4",
    "> checkout.rb:20:in `<main>'",
  ],
  php: [
    "| Fatal error: Uncaught DivisionByZeroError: Division by zero in…",
    "> #0 /srv/shop/php/src/Checkout.php(13): intdiv()",
    "> #1 /srv/shop/php/src/Checkout.php(7): Shop\\Checkout->charge()",
    "- acme/router 3, PHP 2",
    "> #7 /srv/shop/php/index.php(4): Acme\\Router\\Router->dispatch()",
    "> #8 {main}",
    "| Next Shop\\PaymentFailed: order 42 could not be paid in /srv/sh…",
    "- acme/router 3, PHP 2",
    "> #5 /srv/shop/php/index.php(4): Acme\\Router\\Router->dispatch()",
    "> #6 {main}",
    "| thrown in /srv/shop/php/src/Checkout.php on line 9",
  ],
};

test.each(Object.entries(OUTLINES))(
  "given a trace of %s, then its own frames stand alone and those of libraries together",
  (name, expected) => {
    expect(outline(fixture(name).trimEnd()).map(shortenedTo(expected))).toEqual(expected);
  },
);

/** Of one line each, in forms that differ from those above. */
const FRAMES: readonly (readonly [frame: string, expected: string])[] = [
  [
    "\tat org.springframework.web.servlet.FrameworkServlet.service(FrameworkServlet.java:885) ~[spring-webmvc-6.1.3.jar!/:6.1.3]",
    "- Spring 2",
  ],
  [
    "\tat com.acme.App$$SpringCGLIB$$0.pay(<generated>) ~[classes!/:na]",
    "> at com.acme.App$$SpringCGLIB$$0.pay(<generated>) ~[classes!/:…",
  ],
  ["\tat app//com.acme.App.pay(App.kt:12)", "> at app//com.acme.App.pay(App.kt:12)"],
  [
    "\tat com.acme.App$$Lambda$14/0x0000000800066840.run(Unknown Source)",
    "> at com.acme.App$$Lambda$14/0x0000000800066840.run(Unknown Sour…",
  ],
  ["    at Object.<anonymous> (/app/node_modules/.pnpm/pg@8.11.3/node_modules/pg/lib/client.js:526:17)", "- pg 2"],
  ["    at f (/app/node_modules/@nestjs/core/router/router-proxy.js:9:23)", "- @nestjs/core 2"],
  ["    at async f (file:///app/dist/main.mjs:1:2)", "> at async f (file:///app/dist/main.mjs:1:2)"],
  [
    "    at page (webpack-internal:///(rsc)/./app/(shop)/page.tsx:9:11)",
    "> at page (webpack-internal:///(rsc)/./app/(shop)/page.tsx:9:11…",
  ],
  ["    at async Promise.all (index 0)", "- JavaScript 2"],
  ["    at Module._compile (internal/modules/cjs/loader.js:999:30)", "- Node.js 2"],
  ["    at emit (events.js:315:20)", "- Node.js 2"],
  ['  File "C:\\Users\\a\\Python311\\Lib\\json\\decoder.py", line 355, in raw_decode', "- Python 2"],
  ['  File "<frozen importlib._bootstrap>", line 1027, in _find_and_load', "- Python 2"],
  ['  File "/app/lib/prices.py", line 5, in load', '> File "/app/lib/prices.py", line 5, in load'],
  [
    "github.com/Azure/go-autorest/autorest.Send()\n\t/go/pkg/mod/github.com/!azure/go-autorest@v14.2.0+incompatible/autorest/sender.go:9 +0x1",
    "- Azure/go-autorest 2",
  ],
  ["github.com/acme/shop.Pay()\n\t/go/src/github.com/acme/shop/pay.go:9 +0x1", "> github.com/acme/shop.Pay()"],
  ["runtime.main()\n\truntime/proc.go:250 +0x207", "- Go 2"],
  ["golang.org/x/net/http2.(*Transport).do()\n\t/app/vendor/golang.org/x/net/http2/transport.go:9", "- x/net 2"],
  ["app/models/order.rb:14:in 'Order#pay'", "> app/models/order.rb:14:in 'Order#pay'"],
  ["activerecord (7.1.2) lib/active_record/relation.rb:5:in `load'", "- activerecord 2"],
  ["/app/vendor/bundle/ruby/3.2.0/gems/puma-6.4.0/lib/puma/server.rb:5:in `run'", "- puma 2"],
  ["<internal:kernel>:187:in `loop'", "- Ruby 2"],
  [
    "#3 vendor/laravel/framework/src/Illuminate/Pipeline/Pipeline.php(183): Illuminate\\Pipeline\\Pipeline->Illuminate\\Pipeline\\{closure}()",
    "- laravel/framework 2",
  ],
];

test.each(FRAMES)("given frames such as %s, then they are read", (frame, expected) => {
  const found = outline(`${frame}\n${frame}`);
  expect(found.map(shortenedTo([expected]))[0]).toBe(expected);
  expect(found).toHaveLength(expected.startsWith("-") ? 1 : 2);
});

test.each([
  "one line",
  "order 42 paid\n  at the counter\n  at noon (in the shop)",
  "Meet me:\n  at 12:30\n  at 14:30",
  "#1 first\n#2 second",
  `  File "x.py", line 3, in f\n    f()`,
  "key: value\n\tother: 12",
])("given a text without a trace, then there is none: %j", (text) => {
  expect(readTrace(text)).toBeNull();
});

test("given any lines between frames of any language, then the parts together have every line, in order", () => {
  const frames = Object.keys(OUTLINES).flatMap((name) => fixture(name).split("\n"));
  const line = fc.oneof(
    fc.constantFrom(...frames),
    fc.string().map((text) => text.replaceAll(/[\r\n]/g, "")),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 60 }), (lines) => {
      const parts = readTrace(lines.join("\n"));
      if (!parts) return;
      const found = parts.flatMap((part) =>
        part.kind === "library" ? part.frames.flatMap((frame) => frame.lines) : part.lines,
      );
      expect(found).toEqual(lines);
    }),
  );
});

test("given 64 KB that look like the beginning of a frame again and again, then they are read at once", () => {
  for (const piece of ["\tat a.b(", "at (", ' File "', "#1 a(", "x.y/", "gems/a-1"]) {
    const text = `${piece.repeat(2_000 / piece.length)}\n`.repeat(32);
    // The least of three, as a busy machine makes single ones long.
    expect(Math.min(...[1, 2, 3].map(() => timeOf(() => readTrace(text)))), piece).toBeLessThan(2_000);
  }
});

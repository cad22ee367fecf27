import type { ReadFrame } from "./frame";

/** `at Namespace.Type.Method(Type argument) in /src/File.cs:line 12` (Exception.StackTrace). */
const FRAME = /^\s*at ([^\s(]+)\(.*\)(?: in (.+):line \d+)?$/;

/** Namespaces that are not one's own code, by how they begin; null takes the first part of the namespace for the name. */
const LIBRARIES: readonly (readonly [prefix: string, library: string | null])[] = [
  ["Microsoft.AspNetCore.", "ASP.NET Core"],
  ["Microsoft.EntityFrameworkCore.", "Entity Framework"],
  ["Microsoft.Extensions.", ".NET"],
  ["Microsoft.", "Microsoft"],
  ["System.", ".NET"],
  ["Internal.", ".NET"],
  ["Interop.", ".NET"],
  ["FSharp.", "F#"],
  ["Amazon.", "AWS"],
  ...[
    ...[
      "Autofac",
      "AutoMapper",
      "Azure",
      "Castle",
      "Confluent",
      "Dapper",
      "Elastic",
      "FluentValidation",
      "Google",
      "Grpc",
    ],
    ...[
      "Hangfire",
      "HotChocolate",
      "MassTransit",
      "MediatR",
      "MongoDB",
      "Moq",
      "MySqlConnector",
      "Newtonsoft",
      "NHibernate",
    ],
    ...[
      "Npgsql",
      "NUnit",
      "OpenTelemetry",
      "Oracle",
      "Polly",
      "Quartz",
      "RabbitMQ",
      "Refit",
      "Serilog",
      "ServiceStack",
    ],
    ...["StackExchange", "Swashbuckle", "Xunit"],
  ].map((name) => [`${name}.`, null] as const),
];

/** Where packages say that their sources were, when they were built to be the same on every machine. */
const DETERMINISTIC = /^\/_\d*\//;

/** Frames of .NET. */
export const readDotnetFrame: ReadFrame = (lines, at) => {
  const [, name, file] = FRAME.exec(lines[at] ?? "") ?? [];
  // Made at run time, as by expressions: `lambda_method12(Closure)`.
  if (name?.startsWith("lambda_method")) return { lines: 1, library: ".NET" };
  if (!name?.includes(".")) return null;
  const first = name.slice(0, name.indexOf("."));
  const found = LIBRARIES.find(([prefix]) => name.startsWith(prefix));
  if (found) return { lines: 1, library: found[1] ?? first };
  return { lines: 1, library: DETERMINISTIC.test(file ?? "") ? first : null };
};

import { NO_KEY } from "@/core/access/keys/no-key";
import type { Sender } from "./sender";
import { lines, type Target, withKey } from "./target";

const group = "Platforms";

/** Docker's driver wants a token even where none is needed. */
const tokenOf = ({ key }: Target): string => key ?? NO_KEY;

/** What collects by itself what programs on it print. */
export const PLATFORMS: readonly Sender[] = [
  {
    id: "docker",
    name: "Docker",
    group,
    words: ["container", "compose", "podman", "moby", "swarm", "splunk"],
    about:
      "By the driver for Splunk, which every Docker brings along; its daemon sends, so the address is as the host sees it. The container's name is the service, and lines of JSON are read.",
    addresses: ["POST /services/collector/event/1.0", "OPTIONS /services/collector/event/1.0"],
    saysService: false,
    configure: (to) => [
      {
        title: "One container",
        language: "sh",
        text: lines(
          "docker run --log-driver splunk \\",
          `  --log-opt splunk-url=${to.origin} --log-opt splunk-token=${tokenOf(to)} \\`,
          "  --log-opt splunk-format=json --log-opt tag='{{.Name}}' nginx",
        ),
      },
      {
        title: "compose.yaml",
        language: "yaml",
        text: lines(
          "services:",
          "  web:",
          "    image: nginx",
          "    logging:",
          "      driver: splunk",
          "      options:",
          `        splunk-url: ${to.origin}`,
          `        splunk-token: ${tokenOf(to)}`,
          "        splunk-format: json",
          '        tag: "{{.Name}}"',
        ),
      },
      {
        title: "/etc/docker/daemon.json, for all containers",
        language: "json",
        text: JSON.stringify(
          {
            "log-driver": "splunk",
            "log-opts": {
              "splunk-url": to.origin,
              "splunk-token": tokenOf(to),
              "splunk-format": "json",
              tag: "{{.Name}}",
            },
          },
          null,
          2,
        ),
      },
    ],
  },
  {
    id: "kubernetes",
    name: "Kubernetes",
    group,
    words: ["k8s", "helm", "pods", "eks", "gke", "aks", "k3s", "openshift"],
    about:
      "By Fluent Bit on every node, from its Helm chart. The container's name is the service; pod, namespace and labels are attributes.",
    addresses: ["POST /api/logs"],
    saysService: false,
    runsElsewhere: true,
    configure: ({ hostname, port, isSecure, key }) => [
      ...(key === null
        ? []
        : [
            {
              title: "The key, as a secret",
              language: "sh",
              text: lines(
                "kubectl create namespace logging",
                `kubectl --namespace logging create secret generic cordwood --from-literal=key=${key}`,
              ),
            },
          ]),
      {
        title: "values.yaml",
        language: "yaml",
        text: lines(
          key && "env:",
          key && "  - name: CORDWOOD_KEY",
          key && "    valueFrom:",
          key && "      secretKeyRef:",
          key && "        name: cordwood",
          key && "        key: key",
          "config:",
          "  outputs: |",
          "    [OUTPUT]",
          "        Name             http",
          "        Match            *",
          `        Host             ${hostname}`,
          `        Port             ${port}`,
          isSecure && "        Tls              On",
          "        URI              /api/logs",
          "        Format           json_lines",
          "        Json_date_key    @timestamp",
          "        Json_date_format iso8601",
          "        Compress         gzip",
          "        Retry_Limit      False",
          // biome-ignore lint/suspicious/noTemplateCurlyInString: Fluent Bit fills it in
          key && "        Header           Authorization Bearer ${CORDWOOD_KEY}",
        ),
      },
      {
        title: "Install",
        language: "sh",
        text: lines(
          "helm repo add fluent https://fluent.github.io/helm-charts",
          "helm upgrade --install fluent-bit fluent/fluent-bit \\",
          "  --namespace logging --create-namespace --values values.yaml",
        ),
      },
    ],
  },
  {
    id: "systemd",
    name: "systemd's journal",
    group,
    words: ["journald", "journalctl", "linux", "debian", "ubuntu", "fedora"],
    about:
      "By systemd-journal-upload, which goes on where it was. The identifier or the unit is the service, the time is to the microsecond. Over TLS it needs systemd 252 or newer: older ones want a certificate of their own.",
    addresses: ["POST /upload"],
    saysService: false,
    configure: (to) => [
      { title: "Install (Debian, Ubuntu)", language: "sh", text: "apt-get install systemd-journal-remote" },
      {
        title: "/etc/systemd/journal-upload.conf",
        language: "ini",
        text: lines(
          "[Upload]",
          `URL=${withKey({ ...to, origin: to.originWithPort })}`,
          // Without these it looks for a certificate of its own and for the authority that made it, and fails.
          to.isSecure && "ServerKeyFile=-",
          to.isSecure && "ServerCertificateFile=-",
          to.isSecure && "TrustedCertificateFile=/etc/ssl/certs/ca-certificates.crt",
        ),
      },
      { title: "Start", language: "sh", text: "systemctl enable --now systemd-journal-upload" },
    ],
  },
  {
    id: "nginx",
    name: "nginx",
    group,
    words: ["web server", "access log", "proxy", "ingress", "openresty"],
    about:
      "Over syslog, which nginx speaks by itself, with each request as JSON. It can't send a key: where there are accounts, name its address on the server.",
    addresses: [],
    listener: "syslog",
    saysService: false,
    configure: ({ hostname, ports, key }) => [
      ...(key === null
        ? []
        : [
            {
              title: "On the server, in its environment",
              language: "sh",
              text: "CORDWOOD_LISTENER_ADDRESSES=ADDRESS_OF_NGINX",
            },
          ]),
      {
        title: "nginx.conf, within http",
        language: "nginx",
        text: lines(
          "map $status $cordwood_level {",
          "  ~^5     error;",
          "  ~^4     warning;",
          "  default info;",
          "}",
          "log_format cordwood escape=json",
          `  '{"time":"$msec","level":"$cordwood_level","message":"$request $status","status":$status,'`,
          `  '"method":"$request_method","path":"$uri","client":"$remote_addr","bytes":$body_bytes_sent,'`,
          `  '"duration":$request_time,"agent":"$http_user_agent"}';`,
          `access_log syslog:server=${hostname.includes(":") ? `[${hostname}]` : hostname}:${ports.syslog},tag=nginx cordwood;`,
          `error_log syslog:server=${hostname.includes(":") ? `[${hostname}]` : hostname}:${ports.syslog},tag=nginx warn;`,
        ),
      },
    ],
  },
  {
    id: "rsyslog",
    name: "rsyslog",
    group,
    words: ["syslog", "linux", "/var/log", "routers", "logger"],
    about:
      "Over syslog, in the format of RFC 5424. The program is the service. Routers, switches and other devices send to the same port.",
    addresses: [],
    listener: "syslog",
    saysService: false,
    configure: ({ hostname, ports, key }) => [
      {
        title: "/etc/rsyslog.d/cordwood.conf",
        language: "text",
        text: lines(
          'template(name="cordwood" type="string"',
          `  string="<%PRI%>1 %TIMESTAMP:::date-rfc3339% %HOSTNAME% %APP-NAME% %PROCID% %MSGID% ${key === null ? "-" : `[cordwood@32473 token=\\"${key}\\"]`}%msg:::sp-if-no-1st-sp%%msg%\\n")`,
          `*.* action(type="omfwd" target="${hostname}" port="${ports.syslog}" protocol="tcp" TCP_Framing="octet-counted" template="cordwood"`,
          '  queue.type="LinkedList" action.resumeRetryCount="-1")',
        ),
      },
      {
        title: "Try it",
        language: "sh",
        text: lines("systemctl restart rsyslog", "logger -t checkout -p user.err 'card declined'"),
      },
    ],
  },
  {
    id: "syslog-ng",
    name: "syslog-ng",
    group,
    words: ["syslog", "axosyslog", "linux"],
    about: "Over HTTP, from version 3.35. The program is the service.",
    addresses: ["POST /api/logs"],
    saysService: false,
    configure: ({ origin, key }) => [
      {
        title: "syslog-ng.conf, with the source that you have",
        language: "text",
        text: lines(
          "destination d_cordwood {",
          "  http(",
          `    url("${origin}/api/logs")`,
          '    method("POST")',
          key === null
            ? '    headers("Content-Type: application/x-ndjson")'
            : `    headers("Content-Type: application/x-ndjson", "Authorization: Bearer ${key}")`,
          '    body("$(format-json time=$ISODATE level=$LEVEL service=$PROGRAM message=$MESSAGE host=$HOST pid=$PID)")',
          "    batch-lines(100)",
          "    batch-timeout(1000)",
          '    delimiter("\\n")',
          "  );",
          "};",
          "log { source(s_src); destination(d_cordwood); };",
        ),
      },
    ],
  },
  {
    id: "heroku",
    name: "Heroku",
    group,
    words: ["logplex", "log drain", "dyno", "paas"],
    about:
      "By a log drain over HTTPS. Lines of the app, the router and Heroku itself arrive with their dyno; a batch that is sent again is stored once.",
    addresses: ["POST /drains/heroku"],
    saysService: true,
    runsElsewhere: true,
    configure: (to) => [
      {
        title: "In a shell",
        language: "sh",
        text: `heroku drains:add '${withKey(to, "/drains/heroku")}?service=${to.service}' --app ${to.service}`,
      },
    ],
  },
  {
    id: "vercel",
    name: "Vercel",
    group,
    words: ["log drain", "next.js", "serverless", "functions", "edge"],
    about:
      "By a drain to a custom endpoint (plans Pro and Enterprise). The project's name is the service; builds, functions and requests are told apart by the attribute source.",
    addresses: ["POST /drains/vercel"],
    saysService: false,
    runsElsewhere: true,
    configure: ({ origin, key }) => [
      {
        title: "Team Settings, Drains, Add Drain, Logs: the custom endpoint, in NDJSON",
        language: "text",
        text: `${origin}/drains/vercel`,
      },
      ...(key === null ? [] : [{ title: "Its custom header", language: "text", text: `Authorization: Bearer ${key}` }]),
    ],
  },
];

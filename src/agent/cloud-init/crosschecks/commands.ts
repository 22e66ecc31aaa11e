// bootcmd and runcmd: programs that people's files start and that this system hasn't. Pure.
import { type Located, locate } from "../located.ts";
import type { Finding } from "../problems.ts";
import type { ConfigCommand } from "../schema/commands.ts";
import type { NodeConfig } from "../schema/schema.ts";

const CONTAINER = "put the program in a container";
const MANAGED = "Kubernetes runs what is to run: kubesolo.manifests";

/** By name, with what to do instead. */
const MISSING: Readonly<Record<string, string>> = {
  apt: CONTAINER,
  "apt-get": CONTAINER,
  dpkg: CONTAINER,
  yum: CONTAINER,
  dnf: CONTAINER,
  rpm: CONTAINER,
  zypper: CONTAINER,
  apk: CONTAINER,
  pacman: CONTAINER,
  snap: CONTAINER,
  pip: CONTAINER,
  pip3: CONTAINER,
  python: CONTAINER,
  python3: CONTAINER,
  docker: MANAGED,
  podman: MANAGED,
  systemctl: MANAGED,
  service: MANAGED,
  netplan: "put the network below network",
  nmcli: "put the network below network",
  ufw: "use a NetworkPolicy",
  "firewall-cmd": "use a NetworkPolicy",
  hostnamectl: "use hostname",
  timedatectl: "use timezone and ntp",
  localectl: "pods have locales of their own",
  sudo: "commands run as root",
  useradd: "use users",
  usermod: "use users",
  adduser: "use users",
  k3s: "the engine starts by itself; its settings go to kubesolo.config",
  kubeadm: "the engine starts by itself; its settings go to kubesolo.config",
  microk8s: "the engine starts by itself; its settings go to kubesolo.config",
};

export function crossCheckCommands(config: NodeConfig, root: Located): Finding[] {
  return (["bootcmd", "runcmd"] as const).flatMap((key) =>
    (config[key] ?? []).flatMap((command, index) => [
      ...checkPrograms(command, [key, index]),
      ...checkArguments(command, [key, index], root),
    ]),
  );
}

function checkPrograms(command: ConfigCommand, path: (string | number)[]): Finding[] {
  const names = [...new Set(programs(command))].filter((name) => Object.hasOwn(MISSING, name));
  return names.map((name) => ({
    severity: "warning",
    path,
    message: `the system has no ${name}`,
    hint: MISSING[name],
  }));
}

/** The first word of each part of a line, as far as one can tell without being a shell. */
function programs(command: ConfigCommand): string[] {
  if (command === null) return [];
  if (typeof command !== "string") return command.slice(0, 1).map(baseName);
  return command
    .split(/\n|&&|\|\||[;|&]/)
    .map((part) => part.trim().replace(/^(?:[A-Z_][A-Z0-9_]*=\S*\s+)+/, ""))
    .map((part) => baseName(/^[^\s]*/.exec(part)?.[0] ?? ""));
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** chmod 0644 in a list is chmod 420: a trap, and cloud-init has it, too. */
function checkArguments(command: ConfigCommand, path: (string | number)[], root: Located): Finding[] {
  if (command === null) return [{ severity: "warning", path, message: "no effect: there is no command" }];
  if (typeof command === "string") return [];
  return command.flatMap((argument, index): Finding[] => {
    const written = locate(root, [...path, index]);
    if (written.kind !== "scalar" || typeof written.value === "string" || written.source === argument)
      return [];
    const message = `YAML reads ${written.source} as ${argument}`;
    return [
      { severity: "warning", path: [...path, index], message, hint: `put it in quotes: "${written.source}"` },
    ];
  });
}

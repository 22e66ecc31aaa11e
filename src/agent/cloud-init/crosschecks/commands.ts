// bootcmd and runcmd: programs that people's files start and that this system hasn't. Pure.
import { type Located, locate } from "../located.ts";
import type { Finding, Path } from "../problems.ts";
import { shellWords, systemPrograms } from "../programs.ts";
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
  curl: "use wget",
  bash: "use sh, or a container",
  "cloud-init-per": "bootcmd runs at each boot, runcmd once for each instance-id",
  helm: MANAGED,
};

export function crossCheckCommands(config: NodeConfig, root: Located): Finding[] {
  const commands = (["bootcmd", "runcmd"] as const).flatMap((key) =>
    (config[key] ?? []).map((command, index) => ({ command, path: [key, index] as Path })),
  );
  const own = new Set([
    ...(config.write_files ?? []).map(({ path }) => baseName(path)),
    ...commands.flatMap(({ command }) => functionsOf(command)),
  ]);
  return [
    ...commands.flatMap(({ command, path }) => checkPrograms(command, path, own)),
    ...commands.flatMap(({ command, path }) => checkArguments(command, path, root)),
    ...(config.write_files ?? []).flatMap(({ content }, index) =>
      missing([interpreterOf(content ?? "")], ["write_files", index, "content"], own),
    ),
  ];
}

function checkPrograms(command: ConfigCommand, path: Path, own: ReadonlySet<string>): Finding[] {
  if (command === null) return [{ severity: "warning", path, message: "no effect: there is no command" }];
  if (typeof command === "string") return missing(programsOf(command), path, own);
  const [program = "", option, script] = command;
  const isShell = ["sh", "ash", "bash"].includes(baseName(program)) && option === "-c";
  return missing([...firstProgram(command), ...(isShell ? programsOf(script ?? "") : [])], path, own);
}

/** chmod 0644 in a list is chmod 420: a trap, and cloud-init has it, too. */
function checkArguments(command: ConfigCommand, path: Path, root: Located): Finding[] {
  if (command === null || typeof command === "string") return [];
  return command.flatMap((argument, index): Finding[] => {
    const written = locate(root, [...path, index]);
    if (written.kind !== "scalar" || written.source === argument) return [];
    const message = "the argument isn't what is written: YAML reads it as a number, or as yes or no";
    return [{ severity: "warning", path: [...path, index], message, hint: "put it in quotes" }];
  });
}

function missing(programs: readonly string[], path: Path, own: ReadonlySet<string>): Finding[] {
  const names = [...new Set(programs.flatMap(nameInSystem))].filter(
    (name) =>
      Object.hasOwn(MISSING, name) ||
      !(systemPrograms().has(name) || shellWords().has(name) || own.has(name)),
  );
  return names.map((name) => ({
    severity: "warning",
    path,
    message: `the system has no ${name}`,
    hint: Object.hasOwn(MISSING, name) ? MISSING[name] : CONTAINER,
  }));
}

/** Of what is looked for where the system's programs are; nothing for other paths, and for what is no usual name: it may be secret. */
function nameInSystem(word: string): string[] {
  const name = /^(?:\/(?:usr\/)?s?bin\/)?([a-z[][a-z0-9_.+-]{0,23})$/.exec(word)?.[1];
  return name === undefined ? [] : [name];
}

/** After these comes another command. */
const BEFORE = [
  "if",
  "then",
  "else",
  "elif",
  "do",
  "while",
  "until",
  "!",
  "time",
  "exec",
  "command",
  "nohup",
  "env",
  "{",
  "(",
];

/** The first words of a script's commands, as far as one can tell without being a shell. */
function programsOf(script: string): string[] {
  const plain = withoutTexts(script);
  return plain.split(/\n|&&|\|\||[;|&()]/).flatMap((part) => {
    return firstProgram(part.trim().split(/\s+/));
  });
}

/** Behind settings of variables, and what starts another one. */
function firstProgram(words: readonly string[]): string[] {
  const isOther = (word: string) => BEFORE.includes(baseName(word)) || /^-.|^[A-Za-z_]\w*=/.test(word);
  return words.filter((word) => !isOther(word)).slice(0, 1);
}

/** Without what is no command: here-documents, texts in quotes, comments, patterns of case. */
function withoutTexts(script: string): string {
  const lines: string[] = [];
  let end: string | undefined;
  for (const line of script.replace(/\\\n/g, " ").split("\n")) {
    if (end !== undefined) {
      if (line.trim() === end) end = undefined;
      continue;
    }
    end = /<<-?\s{0,8}["']?(\w{1,64})/.exec(line)?.[1];
    lines.push(line);
  }
  return lines
    .join("\n")
    .replace(/'[^']*(?:'|$)|"(?:[^"\\]|\\[\s\S])*(?:"|\\?$)/g, "''")
    .replace(/(^|\s)#[^\n]*/g, "$1")
    .replace(/[0-9]?>&?[0-9-]|[<>]&/g, " ")
    .replace(/^[^\n()]{0,200}\)/gm, "");
}

function functionsOf(command: ConfigCommand): string[] {
  if (typeof command !== "string") return [];
  return [
    ...command.matchAll(/(?:^|[\n;])[ \t]{0,32}(?:function[ \t]{1,8})?([A-Za-z_]\w{0,63})[ \t]{0,8}\(\)/g),
  ].map(([, name]) => name as string);
}

/** Of a script, from its first line. */
function interpreterOf(content: string): string {
  const [, program = "", argument = ""] =
    /^#![ \t]{0,8}([^\s]{1,100})(?:[ \t]{1,8}([^\s]{1,100}))?/.exec(content) ?? [];
  return baseName(program) === "env" ? argument : program;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

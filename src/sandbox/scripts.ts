// Pure: the scripts in a sandbox's directory, for people and for us alike.

export interface ScriptPlan {
  /** On the host. */
  readonly initPid: number;
  /** Host paths. */
  readonly cgroups: readonly string[];
  /** Where the first of the scripts will be, a host path. */
  readonly enter: string;
  readonly kubectl: readonly string[];
}

/** Each runs its arguments: in the sandbox, in the network outside of it, and with kubectl. */
export function planScripts({ initPid, cgroups, enter, kubectl }: ScriptPlan) {
  return {
    enter: enterScript(initPid, cgroups),
    outside: programScript([enter, "ip", "netns", "exec", "outside"]),
    kubectl: programScript([enter, ...kubectl]),
  };
}

/** Runs a program with some arguments before the script's own. */
export function programScript(args: readonly string[]): string {
  return `#!/bin/sh\nexec ${args.map(quote).join(" ")} "$@"\n`;
}

/** Runs its arguments in the sandbox's cgroups and namespaces; a shell when there are none. */
export function enterScript(initPid: number, cgroups: readonly string[]): string {
  const namespaces = ["mount", "net", "uts", "ipc", "pid", "cgroup"].map((name) => `--${name}`);
  return [
    "#!/bin/sh",
    "# Runs a command in the sandbox; without one, a shell.",
    `for cgroup in ${cgroups.map(quote).join(" ")}; do`,
    '  echo 0 >"$cgroup/cgroup.procs" || exit 125',
    "done",
    '[ $# -gt 0 ] || set -- "$(command -v bash || echo sh)"',
    `exec nsenter --target=${initPid} ${namespaces.join(" ")} --wdns="$PWD" -- "$@"`,
    "",
  ].join("\n");
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

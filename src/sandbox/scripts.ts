// Pure: the scripts in a sandbox's directory, for people and for us alike.

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

import type { Row } from "./row.ts";

const timeoutMs = 20_000;

/** On the device only: a test's own device answers programs as the test says. */
export const programRows: readonly Row[] = [
  {
    name: "both streams and the exit code",
    call: (host) => host.run(["sh", "-c", "echo out; echo err >&2; exit 3"], { timeoutMs }),
    gives: { exitCode: 3, isTimedOut: false, stdout: "out\n", stderr: "err\n" },
  },
  {
    name: "text as input, and a variable more",
    call: (host) =>
      host.run(["sh", "-c", 'cat; echo $WORD; [ -n "$PATH" ] && echo path'], {
        timeoutMs,
        input: "ä ",
        env: { WORD: "w" },
      }).stdout,
    gives: "ä w\npath\n",
  },
  {
    name: "bytes as input",
    call: (host) =>
      host.run(["od", "-An", "-tx1"], { timeoutMs, input: new Uint8Array([0, 255]) }).stdout.trim(),
    gives: "00 ff",
  },
  {
    name: "no input is an empty one",
    call: (host) => host.run(["cat"], { timeoutMs }).stdout,
    gives: "",
  },
  {
    name: "nothing is a shell's line",
    call: (host) => host.run(["echo", "$HOME; *"], { timeoutMs }).stdout,
    gives: "$HOME; *\n",
  },
  {
    name: "a program that takes too long is killed with those it started",
    call: (host) => {
      const begunMs = host.uptime();
      const result = host.run(["sh", "-c", "echo begun; sleep 60 & sleep 60"], { timeoutMs: 200 });
      return { ...result, isSoon: host.uptime() - begunMs < 20_000 };
    },
    gives: { exitCode: 137, isTimedOut: true, stdout: "begun\n", stderr: "", isSoon: true },
  },
  {
    name: "a signal's exit code",
    call: (host) => host.run(["sh", "-c", "kill -15 $$"], { timeoutMs }).exitCode,
    gives: 143,
  },
  {
    name: "of long output the end is kept",
    call: (host) =>
      host.run(["sh", "-c", "echo 123456789; echo abc"], { timeoutMs, maxOutputBytes: 4 }).stdout,
    gives: "abc\n",
  },
  {
    name: "64 KiB of it, unless more is asked for",
    call: (host) => host.run(["head", "-c", "100000", "/dev/zero"], { timeoutMs }).stdout.length,
    gives: 65_536,
  },
  {
    name: "output that isn't UTF-8 is made so",
    call: (host) => host.run(["printf", "a\\377b"], { timeoutMs }).stdout,
    gives: "a\ufffdb",
  },
  {
    name: "no such program",
    call: (host) => host.run(["nothing-of-that-name"], { timeoutMs }),
    fails: "ENOENT",
  },
  {
    name: "a folder isn't a program",
    call: (host, { folder }) => host.run([folder], { timeoutMs }),
    fails: "EACCES",
  },
  {
    name: "nor is nothing",
    call: (host) => host.run([], { timeoutMs }),
    fails: "EINVAL",
  },
];

// How files are written: as a whole, through, and at their end.
import type { Row } from "./row.ts";

const MEBIBYTE = 2 ** 20;

export const writtenFileRows: readonly Row[] = [
  {
    name: "a file is written over as a whole",
    call: (host, { folder }) => {
      host.writeFile(`${folder}/a`, "long before", { mode: 0o600 });
      host.writeFile(`${folder}/a`, "new");
      return [host.readText(`${folder}/a`, MEBIBYTE), host.stat(`${folder}/a`)?.mode, host.list(folder)];
    },
    gives: ["new", 0o644, ["a"]],
  },
  {
    name: "modes are what was asked for, whatever the umask",
    call: (host, { folder }) => {
      const modes = [undefined, 0o600, 0o666, 0o4755];
      return modes.map((mode, index) => {
        host.writeFile(`${folder}/${index}`, "x", mode === undefined ? {} : { mode });
        return host.stat(`${folder}/${index}`)?.mode;
      });
    },
    gives: [0o644, 0o600, 0o666, 0o4755],
  },
  {
    name: "the folders of a file are made",
    call: (host, { folder }) => {
      host.writeFile(`${folder}/a/b/c`, "x", { mode: 0o600 });
      return [host.stat(`${folder}/a`)?.mode, host.stat(`${folder}/a/b`)?.kind];
    },
    gives: [0o755, "directory"],
  },
  {
    name: "a link is replaced, and what it led to stays",
    call: (host, { folder }) => {
      host.writeFile(`${folder}/target`, "old");
      host.makeSymlink("target", `${folder}/a`);
      host.writeFile(`${folder}/a`, "new");
      return [host.stat(`${folder}/a`)?.kind, host.readText(`${folder}/target`, 10)];
    },
    gives: ["file", "old"],
  },
  {
    name: "a folder isn't replaced by a file",
    call: (host, { folder }) => {
      host.makeDirectory(`${folder}/a`);
      host.writeFile(`${folder}/a`, "x");
    },
    fails: "EEXIST",
  },
  {
    name: "a write that failed leaves nothing behind",
    call: (host, { folder }) => {
      host.writeFile(`${folder}/a/b`, "x");
      try {
        host.writeFile(`${folder}/a`, "x");
      } catch {
        return [host.list(folder), host.readText(`${folder}/a/b`, 10)];
      }
      return "it didn't fail";
    },
    gives: [["a"], "x"],
  },
  {
    name: "nothing is written below a file",
    call: (host, { folder }) => {
      host.writeFile(`${folder}/a`, "x");
      host.writeFile(`${folder}/a/b`, "x");
    },
    fails: "ENOTDIR",
  },
  {
    name: "what is appended stands at the end; a new file has its mode, an old one keeps it",
    call: (host, { folder }) => {
      host.appendFile(`${folder}/b/a`, "1\n", { mode: 0o600 });
      host.appendFile(`${folder}/b/a`, "2\n", { mode: 0o644 });
      return [host.readText(`${folder}/b/a`, 10), host.stat(`${folder}/b/a`)?.mode];
    },
    gives: ["1\n2\n", 0o600],
  },
  {
    name: "writing through leaves the rest as it is",
    call: (host, { folder }) => {
      host.writeFile(`${folder}/a`, "abcdef", { mode: 0o600 });
      host.writeThrough(`${folder}/a`, "xy");
      return [host.readText(`${folder}/a`, 10), host.stat(`${folder}/a`)?.mode];
    },
    gives: ["xycdef", 0o600],
  },
  {
    name: "nothing is made by writing through",
    call: (host, { folder }) => host.writeThrough(`${folder}/a`, "x"),
    fails: "ENOENT",
  },
];

/** What needs programs, or paths outside of a folder. */
export const deviceWrittenFileRows: readonly Row[] = [
  {
    name: "another name of a file that is written over has what was there: it was never half written",
    call: (host, { folder }) => {
      host.writeFile(`${folder}/a`, "old");
      host.run(["ln", `${folder}/a`, `${folder}/b`], { timeoutMs: 10_000 });
      host.writeFile(`${folder}/a`, "new");
      return [host.readText(`${folder}/a`, 10), host.readText(`${folder}/b`, 10)];
    },
    gives: ["new", "old"],
  },
  {
    name: "a file belongs to whom it was given",
    call: (host, { folder }) => {
      const id = (option: string) => Number(host.run(["id", option], { timeoutMs: 10_000 }).stdout);
      host.writeFile(`${folder}/a`, "x", { uid: id("-u"), gid: id("-g"), mode: 0o600 });
      const owner = host.run(["stat", "-c", "%u %g", `${folder}/a`], { timeoutMs: 10_000 });
      return owner.stdout === `${id("-u")} ${id("-g")}\n`;
    },
    gives: true,
  },
];

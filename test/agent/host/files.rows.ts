import type { Row } from "./row.ts";

const MEBIBYTE = 2 ** 20;
const noUtf8 = new Uint8Array([0x61, 0xff]);

export const fileRows: readonly Row[] = [
  {
    name: "a file has the text that was written",
    call: (host, { folder }) => {
      host.writeFile(`${folder}/a`, "Grüße\n");
      return host.readText(`${folder}/a`, MEBIBYTE);
    },
    gives: "Grüße\n",
  },
  {
    name: "… and the bytes",
    call: (host, { folder }) => {
      host.writeFile(`${folder}/a`, noUtf8);
      return [...host.readBytes(`${folder}/a`, MEBIBYTE)];
    },
    gives: [0x61, 0xff],
  },
  {
    name: "bytes are read into an array that knows its type",
    call: (host, { folder }) => {
      host.writeFile(`${folder}/a`, "x");
      return host.readBytes(`${folder}/a`, 1) instanceof Uint8Array;
    },
    gives: true,
  },
  {
    name: "a missing file isn't read",
    call: (host, { folder }) => host.readText(`${folder}/none`, MEBIBYTE),
    fails: "ENOENT",
  },
  {
    name: "nor what would be below a file",
    call: (host, { folder }) => {
      host.writeFile(`${folder}/a`, "x");
      return host.readBytes(`${folder}/a/b`, MEBIBYTE).length;
    },
    fails: "ENOTDIR",
  },
  {
    name: "nor a folder",
    call: (host, { folder }) => host.readBytes(folder, MEBIBYTE).length,
    fails: "EISDIR",
  },
  {
    name: "a file of just the limit is read",
    call: (host, { folder }) => {
      host.writeFile(`${folder}/a`, "1234");
      return host.readText(`${folder}/a`, 4);
    },
    gives: "1234",
  },
  {
    name: "one byte more is too much",
    call: (host, { folder }) => {
      host.writeFile(`${folder}/a`, "12345");
      return host.readBytes(`${folder}/a`, 4).length;
    },
    fails: "EFBIG",
  },
  {
    name: "the limit counts bytes, not letters",
    call: (host, { folder }) => {
      host.writeFile(`${folder}/a`, "äää");
      return host.readText(`${folder}/a`, 4);
    },
    fails: "EFBIG",
  },
  {
    name: "text has to be UTF-8",
    call: (host, { folder }) => {
      host.writeFile(`${folder}/a`, noUtf8);
      return host.readText(`${folder}/a`, MEBIBYTE);
    },
    fails: "EILSEQ",
  },
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
  {
    name: "a folder is made with its parents, and has its mode; they have theirs",
    call: (host, { folder }) => {
      host.makeDirectory(`${folder}/a/b`, { mode: 0o700 });
      host.makeDirectory(`${folder}/a/b`);
      return [host.stat(`${folder}/a`)?.mode, host.stat(`${folder}/a/b`)?.mode];
    },
    gives: [0o755, 0o700],
  },
  {
    name: "no folder is made where a file is",
    call: (host, { folder }) => {
      host.writeFile(`${folder}/a`, "x");
      host.makeDirectory(`${folder}/a`);
    },
    fails: "ENOTDIR",
  },
  {
    name: "a link is one, wherever it leads",
    call: (host, { folder }) => {
      host.makeSymlink("/nothing/here", `${folder}/a`);
      return host.stat(`${folder}/a`)?.kind;
    },
    gives: "symlink",
  },
  {
    name: "no link is made where something is",
    call: (host, { folder }) => {
      host.writeFile(`${folder}/a`, "x");
      host.makeSymlink("b", `${folder}/a`);
    },
    fails: "EEXIST",
  },
  {
    name: "what is renamed replaces what was there",
    call: (host, { folder }) => {
      host.writeFile(`${folder}/a`, "new");
      host.writeFile(`${folder}/b/a`, "old");
      host.rename(`${folder}/a`, `${folder}/b/a`);
      return [host.readText(`${folder}/b/a`, 10), host.list(folder)];
    },
    gives: ["new", ["b"]],
  },
  {
    name: "nothing can't be renamed",
    call: (host, { folder }) => host.rename(`${folder}/a`, `${folder}/b`),
    fails: "ENOENT",
  },
  {
    name: "a folder is removed with all that is in it, but not what its links lead to",
    call: (host, { folder }) => {
      host.writeFile(`${folder}/kept/file`, "x");
      host.writeFile(`${folder}/a/b/c`, "x");
      host.makeSymlink(`../kept`, `${folder}/a/link`);
      host.remove(`${folder}/a`);
      return [host.list(folder), host.list(`${folder}/kept`)];
    },
    gives: [["kept"], ["file"]],
  },
  {
    name: "removing nothing is no failure",
    call: (host, { folder }) => {
      host.remove(`${folder}/a`);
      host.remove(`${folder}/a/b`);
      return "done";
    },
    gives: "done",
  },
  {
    name: "a list is sorted",
    call: (host, { folder }) => {
      for (const name of ["b", "a", "B", ".hidden", "ä", "10", "9"]) host.writeFile(`${folder}/${name}`, "");
      return host.list(folder);
    },
    gives: [".hidden", "10", "9", "B", "a", "b", "ä"],
  },
  {
    name: "what isn't there has no list",
    call: (host, { folder }) => host.list(`${folder}/a`),
    fails: "ENOENT",
  },
  {
    name: "nor has a file",
    call: (host, { folder }) => {
      host.writeFile(`${folder}/a`, "x");
      return host.list(`${folder}/a`);
    },
    fails: "ENOTDIR",
  },
  {
    name: "a file is described",
    call: (host, { folder }) => {
      host.writeFile(`${folder}/a`, "äx", { mode: 0o640 });
      const { kind, sizeBytes, mode, modifiedMs = 0 } = host.stat(`${folder}/a`) ?? {};
      return { kind, sizeBytes, mode, isTime: modifiedMs > Date.UTC(2020, 0), isWhole: modifiedMs % 1 === 0 };
    },
    gives: { kind: "file", sizeBytes: 3, mode: 0o640, isTime: true, isWhole: true },
  },
  {
    name: "what isn't there is undefined, also below a file",
    call: (host, { folder }) => {
      host.writeFile(`${folder}/a`, "x");
      return [host.stat(`${folder}/b`) === undefined, host.stat(`${folder}/a/b`) === undefined];
    },
    gives: [true, true],
  },
  {
    name: "a file system has room",
    call: (host, { folder }) => host.freeBytes(folder) > MEBIBYTE,
    gives: true,
  },
];

/** What needs programs, or paths outside of a folder. */
export const deviceFileRows: readonly Row[] = [
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
  {
    name: "a file that doesn't tell its size is read",
    call: (host) => host.readText("/proc/self/comm", 100).length > 1,
    gives: true,
  },
  {
    name: "neither file nor folder is something else",
    call: (host) => host.stat("/dev/null")?.kind,
    gives: "other",
  },
  {
    name: "what isn't there has no room",
    call: (host, { folder }) => host.freeBytes(`${folder}/none`),
    fails: "ENOENT",
  },
];

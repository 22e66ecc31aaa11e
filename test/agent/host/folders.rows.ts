// Folders and links: how they are made, renamed, removed and looked at.
import type { Row } from "./row.ts";

const MEBIBYTE = 2 ** 20;

export const folderRows: readonly Row[] = [
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
export const deviceFolderRows: readonly Row[] = [
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

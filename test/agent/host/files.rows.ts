// How files are read, and which are not.
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
];

/** What needs programs, or paths outside of a folder. */
export const deviceFileRows: readonly Row[] = [
  {
    name: "a file that doesn't tell its size is read",
    call: (host) => host.readText("/proc/self/comm", 100).length > 1,
    gives: true,
  },
];

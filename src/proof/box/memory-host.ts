// A device in memory: a Host for what has to run a million times, in Node and in the agent's own runtime. Files live in one map, which
// is copied in a moment; programs are what its world says. It can stop before any call that changes something.
import type { Bytes, FileInfo, Host, RunResult } from "../../agent/host.ts";

export type Entry =
  | { readonly kind: "file"; readonly content: Bytes; readonly mode: number }
  | { readonly kind: "directory" }
  | { readonly kind: "symlink"; readonly target: string };

/** By path. Folders are there, too, when something is in them. */
export type Files = Map<string, Entry>;

/** What a Host computes without touching anything. */
export type ByteMath = Pick<
  Host,
  | "sha256"
  | "blake2b512"
  | "verifyEd25519"
  | "decompress"
  | "decodeBase64"
  | "encodeBase64"
  | "decodeUtf8"
  | "encodeUtf8"
>;

export interface MemoryWorld {
  readonly files: Files;
  readonly math: ByteMath;
  /** A folder that is seen at another path: what `mount` does. */
  readonly mounts: Map<string, string>;
  /** Answers a program; nothing said: it prints nothing and succeeds. */
  readonly run: (args: readonly string[]) => Partial<RunResult> | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Called before each change; a throw is as if the machine stopped. */
  readonly beforeChange?: (call: string) => void;
}

export interface MemoryHost extends Host {
  /** What was printed. */
  readonly printed: string[];
}

export class HostError extends Error {
  override readonly name = "HostError";
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export function makeMemoryHost({ files, math, mounts, run, now, beforeChange }: MemoryWorld): MemoryHost {
  const printed: string[] = [];
  let clockMs = 60_000;
  const at = (path: string) => placeOf(mounts, path);
  const find = (path: string): Entry | undefined =>
    files.get(at(path)) ?? (hasBelow(files, at(path)) ? { kind: "directory" } : undefined);
  const change = (call: string) => beforeChange?.(call);
  const read = (path: string, maxBytes: number): Bytes => {
    const entry = find(path);
    if (entry === undefined) throw new HostError("ENOENT", `${path}: no such file`);
    if (entry.kind !== "file") throw new HostError("EISDIR", `${path} is no file`);
    if (entry.content.length > maxBytes)
      throw new HostError("EFBIG", `${path} is larger than ${maxBytes} bytes`);
    return entry.content;
  };
  const write = (path: string, content: Bytes, mode = 0o644): void => {
    if (find(path)?.kind === "directory") throw new HostError("EEXIST", `${path} is a folder`);
    files.set(at(path), { kind: "file", content, mode });
  };
  const bytesOf = (content: string | Bytes): Bytes =>
    typeof content === "string" ? math.encodeUtf8(content) : content;
  const remove = (path: string): void => {
    const place = at(path);
    files.delete(place);
    for (const name of [...files.keys()]) if (name.startsWith(`${place}/`)) files.delete(name);
  };
  const absent = (name: string) => (): never => {
    throw new Error(`the agent called ${name}, which this device has not`);
  };

  return {
    ...mathOf(math),
    printed,
    readText: (path, maxBytes) => math.decodeUtf8(read(path, maxBytes)),
    readBytes: read,
    writeFile: (path, content, options) => {
      change(`write ${path}`);
      write(path, bytesOf(content), options?.mode);
    },
    appendFile: (path, content, options) => {
      change(`append ${path}`);
      const before = find(path);
      const had = before?.kind === "file" ? before : undefined;
      write(path, joinBytes(had?.content ?? new Uint8Array(), bytesOf(content)), had?.mode ?? options?.mode);
    },
    writeThrough: (path, content) => {
      change(`write through ${path}`);
      write(path, bytesOf(content));
    },
    makeDirectory: (path) => {
      if (find(path) === undefined) files.set(at(path), { kind: "directory" });
    },
    makeSymlink: (target, path) => {
      change(`link ${path}`);
      if (find(path) !== undefined) throw new HostError("EEXIST", `${path} is there`);
      files.set(at(path), { kind: "symlink", target });
    },
    rename: (from, to) => {
      change(`rename ${from} ${to}`);
      if (find(from) === undefined) throw new HostError("ENOENT", `${from}: no such file`);
      remove(to);
      moveAll(files, at(from), at(to));
    },
    remove: (path) => {
      change(`remove ${path}`);
      remove(path);
    },
    list: (path) => listNames(files, at(path)),
    stat: (path) => describe(find(path)),
    freeBytes: () => 2 ** 40,
    run: (args) => {
      change(args.join(" "));
      return { exitCode: 0, isTimedOut: false, stdout: "", stderr: "", ...run(args) };
    },
    fetch: ({ url }) => {
      throw new HostError("ECONNREFUSED", `nobody answers at ${url}`);
    },
    download: absent("download"),
    copyPiece: (source, target, { offsetBytes, sizeBytes }) => {
      if (!("path" in source)) throw new HostError("ECONNREFUSED", "nobody answers");
      change(`copy ${source.path} ${target}`);
      const before = find(target);
      const had = before?.kind === "file" ? before.content : new Uint8Array();
      if (had.length > sizeBytes) throw new HostError("EFBIG", `${target} has ${had.length} bytes already`);
      const content = read(source.path, Number.POSITIVE_INFINITY);
      const end = offsetBytes + sizeBytes;
      write(target, joinBytes(had, content.subarray(offsetBytes + had.length, end)));
      if (content.length < end) throw new HostError("ENODATA", `only ${content.length} of ${end} bytes`);
    },
    sha256OfFile: (path) => math.sha256(read(path, Number.POSITIVE_INFINITY)),
    decompressFile: absent("decompressFile"),
    readCertificate: absent("readCertificate"),
    readBlocks: (device, offsetBytes, sizeBytes) =>
      read(device, Number.POSITIVE_INFINITY).slice(offsetBytes, offsetBytes + sizeBytes),
    writeBlocks: (device, offsetBytes, content) => {
      change(`write blocks ${device} ${offsetBytes}`);
      const bytes = read(device, Number.POSITIVE_INFINITY).slice();
      bytes.set(content, offsetBytes);
      write(device, bytes);
    },
    now,
    uptime: () => clockMs,
    sleep: (durationMs) => {
      clockMs += durationMs;
    },
    print: (_stream, text) => {
      printed.push(text);
    },
  };
}

/** Where a path leads, when something is mounted above it. */
export function placeOf(mounts: ReadonlyMap<string, string>, path: string): string {
  for (const [point, folder] of mounts)
    if (path === point || path.startsWith(`${point}/`)) return folder + path.slice(point.length);
  return path;
}

export function hasBelow(files: Files, path: string): boolean {
  for (const name of files.keys()) if (name.startsWith(`${path}/`)) return true;
  return false;
}

export function moveAll(files: Files, from: string, to: string): void {
  for (const [name, entry] of [...files])
    if (name === from || name.startsWith(`${from}/`)) {
      files.delete(name);
      files.set(to + name.slice(from.length), entry);
    }
}

function listNames(files: Files, path: string): string[] {
  const below = [...files.keys()].filter((name) => name.startsWith(`${path}/`));
  if (below.length === 0 && !files.has(path)) throw new HostError("ENOENT", `${path}: no such folder`);
  return [...new Set(below.map((name) => name.slice(path.length + 1).split("/")[0] ?? ""))].sort();
}

function describe(entry: Entry | undefined): FileInfo | undefined {
  if (entry === undefined) return undefined;
  const { kind } = entry;
  return kind === "file"
    ? { kind, sizeBytes: entry.content.length, mode: entry.mode, modifiedMs: 0 }
    : { kind, sizeBytes: 0, mode: 0o755, modifiedMs: 0 };
}

function joinBytes(first: Bytes, second: Bytes): Bytes {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}

/** Only that: the device's Host has more. */
function mathOf(math: ByteMath): ByteMath {
  const { sha256, blake2b512, verifyEd25519, decompress } = math;
  const { decodeBase64, encodeBase64, decodeUtf8, encodeUtf8 } = math;
  return {
    ...{ sha256, blake2b512, verifyEd25519, decompress },
    ...{ decodeBase64, encodeBase64, decodeUtf8, encodeUtf8 },
  };
}

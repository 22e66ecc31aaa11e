// For tests: a device in a folder of this machine. Files are real; programs and addresses answer what the test says. It can
// cut the power before any of the calls that change something.

import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { FileInfo, Host, HttpResponse, RunResult } from "../../../src/agent/host.ts";
import { nodeDecoder } from "../../../src/image/baked/node-decoder.ts";
import { HostError } from "../../../src/proof/box/memory-host.ts";
import { nodeByteMath } from "../../../src/proof/node-math.ts";

export interface World {
  /** Answers a program; nothing said: it prints nothing and succeeds. `device` turns a path of the device into a real one. */
  readonly run?: (
    args: readonly string[],
    device: (path: string) => string,
    input?: string,
  ) => Partial<RunResult> | undefined;
  readonly fetch?: (url: string) => Partial<HttpResponse> | undefined;
  /** Of its disks; more than enough when nothing is said. */
  readonly freeBytes?: number;
  /** How many changes are made before the power goes. */
  readonly changes?: number;
}

export class PowerCut extends Error {}

export interface FolderHost extends Host {
  /** A line for each program, each file written or removed. */
  readonly calls: string[];
  readonly printed: string[];
  /** How many changes were made. */
  readonly changes: () => number;
}

export function makeDevice(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const root = mkdtempSync(join(tmpdir(), "device-"));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

/** Every file below a folder of the device, with its text; links with where they lead. */
export function readDevice(root: string, folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  const visit = (path: string): void => {
    const stat = lstatSync(join(root, path), { throwIfNoEntry: false });
    if (stat?.isDirectory()) for (const name of readdirSync(join(root, path)).sort()) visit(join(path, name));
    else if (stat?.isSymbolicLink()) found[path] = `→ ${readlinkSync(join(root, path))}`;
    else if (stat !== undefined) found[path] = readFileSync(join(root, path), "utf8");
  };
  visit(folder);
  return found;
}

export function folderHost(root: string, world: World = {}): FolderHost {
  const calls: string[] = [];
  const printed: string[] = [];
  let changes = 0;
  let clockMs = 0;
  const at = (path: string) => join(root, path);

  const attempt = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      throw code?.startsWith("E") ? new HostError(code, message.replaceAll(root, "")) : error;
    }
  };
  const makeFolder = (path: string, mode = 0o755): void => {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isDirectory()) return;
    if (stat !== undefined) throw new HostError("ENOTDIR", `${path} is no folder`);
    makeFolder(dirname(path));
    mkdirSync(path);
    chmodSync(path, mode);
  };
  const change = (call: string, work: () => void): void => {
    if (changes === world.changes) throw new PowerCut(call);
    changes += 1;
    calls.push(call);
    attempt(work);
  };
  const read = (path: string, maxBytes: number): Buffer =>
    attempt(() => {
      const content = readFileSync(at(path));
      if (content.length > maxBytes) throw new HostError("EFBIG", `${path} is larger than ${maxBytes} bytes`);
      return content;
    });
  const ask = (url: string): HttpResponse => {
    const answer = world.fetch?.(url);
    if (answer === undefined) throw new HostError("ECONNREFUSED", `nobody answers at ${url}`);
    return { status: 200, headers: {}, body: new Uint8Array(), ...answer };
  };
  const fetchAll = (url: string): Uint8Array => {
    const { status, body } = ask(url);
    if (status !== 200) throw new HostError("EPROTO", `${url} answers ${status}`);
    return body;
  };
  const absent = (name: string) => () => {
    throw new Error(`the agent called ${name}, which this device has not`);
  };

  return {
    calls,
    printed,
    changes: () => changes,
    readText: (path, maxBytes) => nodeByteMath.decodeUtf8(read(path, maxBytes)),
    readBytes: (path, maxBytes) => new Uint8Array(read(path, maxBytes)),
    writeFile: (path, content, options) =>
      change(`write ${path}`, () => {
        makeFolder(dirname(at(path)));
        if (describeFile(at(path))?.kind === "directory")
          throw new HostError("EEXIST", `${path} is a folder`);
        rmSync(at(path), { force: true });
        writeFileSync(at(path), content);
        chmodSync(at(path), options?.mode ?? 0o644);
      }),
    appendFile: (path, content, options) =>
      change(`append ${path}`, () => {
        makeFolder(dirname(at(path)));
        const isNew = describeFile(at(path)) === undefined;
        writeFileSync(at(path), content, { flag: "a" });
        if (isNew) chmodSync(at(path), options?.mode ?? 0o644);
      }),
    writeThrough: (path, content) =>
      change(`write through ${path}`, () => writeFileSync(at(path), content, { flag: "r+" })),
    makeDirectory: (path, options) => attempt(() => makeFolder(at(path), options?.mode)),
    makeSymlink: (target, path) => change(`link ${path}`, () => symlinkSync(target, at(path))),
    rename: (from, to) => change(`rename ${from} ${to}`, () => renameSync(at(from), at(to))),
    remove: (path) => change(`remove ${path}`, () => rmSync(at(path), { recursive: true, force: true })),
    list: (path) => attempt(() => readdirSync(at(path)).sort()),
    stat: (path) => attempt(() => describeFile(at(path))),
    freeBytes: () => world.freeBytes ?? 2 ** 40,
    run: (args, { input }) => {
      if (changes === world.changes) throw new PowerCut(args.join(" "));
      changes += 1;
      calls.push(args.join(" "));
      return {
        exitCode: 0,
        isTimedOut: false,
        stdout: "",
        stderr: "",
        ...world.run?.(args, at, input?.toString()),
      };
    },
    fetch: ({ url }) => ask(url),
    download: absent("download"),
    copyPiece: (source, target, { offsetBytes, sizeBytes, announce }) =>
      change(`copy ${"path" in source ? source.path : source.request.url} ${target}`, () => {
        const had = statSync(at(target), { throwIfNoEntry: false });
        const hasBytes = had?.size ?? 0;
        if (hasBytes > sizeBytes) throw new HostError("EFBIG", `${target} has ${hasBytes} bytes already`);
        const content = "path" in source ? readFileSync(at(source.path)) : fetchAll(source.request.url);
        const end = offsetBytes + sizeBytes;
        writeFileSync(at(target), content.subarray(offsetBytes + hasBytes, end), { flag: "a" });
        if (had === undefined) chmodSync(at(target), 0o644);
        if (content.length < end) throw new HostError("ENODATA", `only ${content.length} of ${end} bytes`);
        const size = Math.floor(sizeBytes / 1_000_000);
        if (announce !== undefined) printed.push(`${announce}: ${size} of ${size} MB`);
      }),
    ...nodeByteMath,
    sha256OfFile: (path) => nodeByteMath.sha256(read(path, Number.POSITIVE_INFINITY)),
    readCertificate: (pem) => {
      try {
        return nodeDecoder.readCertificate(pem);
      } catch {
        throw new HostError("EBADMSG", "no certificate in PEM");
      }
    },
    decompressFile: absent("decompressFile"),
    readBlocks: (device, offsetBytes, sizeBytes) =>
      new Uint8Array(read(device, Number.POSITIVE_INFINITY).subarray(offsetBytes, offsetBytes + sizeBytes)),
    writeBlocks: (device, offsetBytes, content) =>
      change(`write blocks ${device} ${offsetBytes}`, () => {
        const bytes = readFileSync(at(device));
        bytes.set(content, offsetBytes);
        writeFileSync(at(device), bytes);
      }),
    now: () => Date.UTC(2026, 0, 1),
    uptime: () => clockMs,
    sleep: (durationMs) => {
      clockMs += durationMs;
    },
    print: (_stream, text) => {
      printed.push(text);
    },
  };
}

function describeFile(path: string): FileInfo | undefined {
  const stat = lstatIfThere(path);
  if (stat === undefined) return undefined;
  const kind = stat.isFile()
    ? "file"
    : stat.isDirectory()
      ? "directory"
      : stat.isSymbolicLink()
        ? "symlink"
        : "other";
  return { kind, sizeBytes: stat.size, mode: stat.mode & 0o7777, modifiedMs: Math.trunc(stat.mtimeMs) };
}

/** Nothing is there below a file, either. */
function lstatIfThere(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return undefined;
    throw error;
  }
}

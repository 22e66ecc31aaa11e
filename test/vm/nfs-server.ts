// Debian's NFS server (Ganesha, which runs as a program like any other) on this host; a machine sees it at 10.0.2.2.
import { once } from "node:events";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { readKit } from "../../src/lib/built.ts";
import { programArgs } from "../../src/lib/locked-tools.ts";
import { waitFor } from "../../src/lib/wait.ts";
import { checkPortFree } from "../../src/vm/ports.ts";
import { runBeside } from "../background.ts";

export interface NfsServer extends AsyncDisposable {
  /** What clients mount as /shared. A host path. */
  readonly shared: string;
}

const port = 2049;

/** Version 4 alone, at its usual port, 2049. Everything of it lies in the folder, a host path, which is made anew. */
export async function startNfsServer(folder: string): Promise<NfsServer> {
  const root = readKit().nfsServer;
  const shared = join(folder, "shared");
  await checkPortFree(port, "another NFS server runs on this host: end it");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(shared, { recursive: true });
  // ganesha-core-config(8), ganesha-export-config(8): without what needs other programs beside it.
  const settings = `
    NFS_CORE_PARAM {
      Protocols = 4;
      Bind_addr = 127.0.0.1;
      Enable_UDP = false;
      Enable_RQUOTA = false;
      Enable_Rpcbind = false;
      Allow_Set_Io_Flusher_Fail = true;
      Plugins_Dir = ${join(root, "usr/lib/x86_64-linux-gnu/ganesha")};
    }
    NFSv4 { Graceless = true; RecoveryRoot = ${folder}; Only_Numeric_Owners = true; UseGetpwnam = true; }
    EXPORT {
      Export_Id = 1; Path = ${shared}; Pseudo = /shared;
      Access_Type = RW; Squash = No_Root_Squash; SecType = sys;
      FSAL { Name = VFS; }
    }
  `;
  writeFileSync(join(folder, "ganesha.conf"), settings);
  const files = ["-f", "ganesha.conf", "-L", "ganesha.log", "-p", "ganesha.pid"];
  const args = files.map((word) => (word.startsWith("-") ? word : join(folder, word)));
  const program = programArgs(root, "ganesha.nfsd", ["usr/lib/ganesha"]);
  const server = runBeside([...program, "-F", ...args]);
  await waitFor({ what: () => "the NFS server", timeoutMs: 60_000, attempt: answers });
  return { shared, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

async function answers(): Promise<true | undefined> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect"); // throws when it is refused
    return true;
  } catch {
    return undefined;
  } finally {
    socket.destroy();
  }
}

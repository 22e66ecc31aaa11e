// Debian's NFS server (Ganesha, which runs as a program like any other) on this host; a machine sees it at 10.0.2.2.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { prepareGroup } from "../../src/image/debian/packages.ts";
import { programArgs } from "../../src/lib/locked-tools.ts";
import { runBeside } from "../background.ts";

export interface NfsServer extends AsyncDisposable {
  /** What clients mount as /shared. A host path. */
  readonly shared: string;
}

/** Version 4 alone, at its usual port, 2049. Everything of it lies in the folder, a host path, which is made anew. */
export async function startNfsServer(folder: string): Promise<NfsServer> {
  const root = await prepareGroup("nfs-server");
  const shared = join(folder, "shared");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(shared, { recursive: true });
  // ganesha-config(8), ganesha-core-config(8)
  const settings = `
    NFS_CORE_PARAM {
      Protocols = 4;
      Bind_addr = 127.0.0.1;
      Enable_UDP = false;
      Plugins_Dir = ${join(root, "usr/lib/x86_64-linux-gnu/ganesha")};
    }
    NFSv4 { Graceless = true; RecoveryRoot = ${folder}; Only_Numeric_Owners = true; }
    EXPORT {
      Export_Id = 1; Path = ${shared}; Pseudo = /shared;
      Access_Type = RW; Squash = No_Root_Squash; SecType = sys;
      FSAL { Name = VFS; }
    }
  `;
  writeFileSync(join(folder, "ganesha.conf"), settings);
  const files = ["-f", "ganesha.conf", "-L", "ganesha.log", "-p", "ganesha.pid"];
  const args = files.map((word) => (word.startsWith("-") ? word : join(folder, word)));
  const server = runBeside([...programArgs(root, "ganesha.nfsd"), "-F", ...args]);
  return { shared, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

// write_files → files. Pure.
import { storageOf } from "../../storage.ts";
import type { Action, Content } from "../actions.ts";
import { strangersOf } from "../programs.ts";
import type { ConfigFile } from "../schema/files.ts";
import type { NodeConfig } from "../schema/schema.ts";

export function decideFiles(config: NodeConfig): Extract<Action, { do: "write-file" }>[] {
  return (config.write_files ?? [])
    .filter((file) => !isLeftOut(file))
    .map((file) => ({
      do: "write-file",
      moment: file.defer ? "online" : "boot",
      // What is gone with a reboot must come back, for "once" to mean what it does on a disk.
      frequency: storageOf(file.path).is === "lasting" ? "once" : "each-boot",
      path: file.path,
      content: contentOf(file),
      mode: file.permissions ?? 0o644,
      ...(file.owner != null && strangersOf(file.owner).length === 0 && { owner: file.owner }),
      append: file.append ?? false,
      isSecret: true,
    }));
}

/** What the root has no room for, and what would come from the network. */
export function isLeftOut({ path, content, source }: ConfigFile): boolean {
  const storage = storageOf(path);
  return (storage.is === "refused" && storage.because === "root") || (source != null && content == null);
}

function contentOf({ content, encoding }: ConfigFile): Content {
  if (encoding?.isBase64) {
    return { encoding: "base64", text: (content ?? "").replace(/\s/g, ""), isGzip: encoding.isGzip };
  }
  return { encoding: "text", text: content ?? "" };
}

// write_files → files. Pure.
import { storageOf } from "../../storage.ts";
import type { Action, Content } from "../actions.ts";
import { strangersOf } from "../programs.ts";
import type { ConfigFile } from "../schema/files.ts";
import type { NodeConfig } from "../schema/schema.ts";

export function decideFiles(config: NodeConfig): Extract<Action, { do: "write-file" }>[] {
  return (config.write_files ?? []).flatMap((file) => {
    const storage = storageOf(file.path);
    // Of refusals only that of the root is no error.
    if (storage.is === "refused" || isOnlyOnNetwork(file)) return [];
    const { path, owner, permissions, append, defer } = file;
    return [
      {
        do: "write-file",
        moment: defer ? "online" : "boot",
        // What is gone with a reboot must come back, for "once" to mean what it does on a disk.
        frequency: storage.is === "lasting" ? "once" : "each-boot",
        path,
        content: contentOf(file),
        mode: permissions ?? 0o644,
        ...(owner != null && strangersOf(owner).length === 0 && { owner }),
        append: append ?? false,
        isSecret: true,
      },
    ];
  });
}

export function isOnlyOnNetwork({ content, source }: ConfigFile): boolean {
  return source != null && content == null;
}

function contentOf({ content, encoding }: ConfigFile): Content {
  if (encoding?.isBase64) {
    return { encoding: "base64", text: (content ?? "").replace(/\s/g, ""), isGzip: encoding.isGzip };
  }
  return { encoding: "text", text: content ?? "" };
}

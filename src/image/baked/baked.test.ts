import { expect, test } from "vitest";
import { makeTree } from "../../tree/tree.ts";
import { type BakedFiles, bakedEntries, imageArchiveName, nameProblems } from "./baked.ts";

const none: BakedFiles = { images: [], manifests: [] };

test.each([
  ["/a/nginx.tar", "nginx.tar"],
  ["nginx.tar.gz", "nginx.tar"],
  ["nginx.tgz", "nginx.tar"],
  ["app-1.2.tar", "app-1.2.tar"],
])("the archive %s is %s in the image", (path, name) => {
  expect(imageArchiveName(path)).toBe(name);
});

test.each<[string, Partial<BakedFiles>, string[]]>([
  ["different names fit", { images: ["a.tar", "b.tgz"], manifests: ["a.yaml", "b.yaml"] }, []],
  ["two archives of one name", { images: ["x/a.tar", "y/a.tar"] }, ['"a.tar" is there twice']],
  ["the same name without gzip", { images: ["a.tar", "a.tar.gz"] }, ['"a.tar" is there twice']],
  ["another ending", { images: ["a.tar.zst"] }, ['"a.tar.zst" isn\'t named .tar, .tar.gz or .tgz']],
])("%s", (_name, files, problems) => {
  expect(nameProblems({ ...none, ...files })).toEqual(problems);
});

test("each lies where the device looks for it, and only root reads the configuration", () => {
  const files = {
    images: ["/h/a.tgz"],
    manifests: ["/h/web.yaml"],
    config: "/h/node.yaml",
    updateKeys: "/h/k.json",
  };
  const tree = makeTree(bakedEntries("usr/lib/kubesolo-os", files, { "a.tar": "/made/a.tar" }));
  const found = [...tree].flatMap(([path, node]) => (node.type === "file" ? [[path, node.mode]] : []));
  expect(found).toEqual([
    ["usr/lib/kubesolo-os/archives/a.tar", 0o644],
    ["usr/lib/kubesolo-os/cloud-init/user-data", 0o600],
    ["usr/lib/kubesolo-os/manifests/web.yaml", 0o644],
    ["usr/lib/kubesolo-os/update-keys.json", 0o644],
  ]);
});

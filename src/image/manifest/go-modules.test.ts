import { expect, test } from "vitest";
import { cacheFolder, joinModules, parseBuildInfo } from "./go-modules.ts";

const text = `/somewhere/kubesolo: go1.26.8
\tpath\tkubesolo-os/engine
\tmod\tkubesolo-os/engine\t(devel)\t
\tdep\texample.org/a\tv1.0.0\th1:aa=
\tdep\tk8s.io/api\tv0.0.0
\t=>\tk8s.io/api\tv0.37.2\th1:bb=
\tdep\tk8s.io/client-go\tv0.37.2
\t=>\t./client-go\t(devel)\t
\tbuild\tGOARCH=amd64
`;

test("takes what is linked in, and what replaces a module instead of it", () => {
  expect(parseBuildInfo(text)).toEqual({
    go: "go1.26.8",
    modules: [
      { path: "example.org/a", version: "v1.0.0", sum: "h1:aa=" },
      { path: "k8s.io/api", version: "v0.37.2", sum: "h1:bb=" },
      { path: "k8s.io/client-go", version: "v0.37.2" },
    ],
  });
});

test.each([
  ["nothing", ""],
  ["a program without build information", "/bin/sh: could not read Go build info"],
])("refuses %s", (_name, printed) => {
  expect(() => parseBuildInfo(printed)).toThrow("not what `go version -m` prints");
});

test("joins the programs: each module once, with the library that comes with Go", () => {
  const a = { path: "example.org/a", version: "v1.0.0", sum: "h1:aa=" };
  const newer = { ...a, version: "v1.1.0" };
  const joined = joinModules({
    runc: { go: "go1.26.8", modules: [a, newer] },
    "cni/bridge": { go: "go1.26.8", modules: [a] },
  });
  expect(joined).toEqual([
    { ...a, programs: ["cni/bridge", "runc"] },
    { ...newer, programs: ["runc"] },
    { path: "stdlib", version: "1.26.8", programs: ["cni/bridge", "runc"] },
  ]);
});

test("finds a module in Go's cache, where names have no upper case", () => {
  expect(cacheFolder({ path: "github.com/BurntSushi/toml", version: "v1.0.0-RC" })).toBe(
    "github.com/!burnt!sushi/toml@v1.0.0-!r!c",
  );
});

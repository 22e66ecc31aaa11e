import { describe, expect, test } from "vitest";
import { ownChoices, parseModules } from "./newer-releases.ts";

describe("newer releases", () => {
  test("modules that others decide are not asked about", () => {
    const Require = [
      { Path: "github.com/miekg/dns", Version: "v1.1.73" },
      { Path: "k8s.io/kubernetes", Version: "v1.37.2" },
      { Path: "k8s.io/client-go", Version: "v0.37.2" },
      { Path: "k8s.io/klog/v2", Version: "v2.140.0" },
      { Path: "golang.org/x/net", Version: "v0.60.0", Indirect: true },
      { Path: "github.com/google/cadvisor", Version: "v0.50.0" },
    ];
    const Replace = [{ Old: { Path: "github.com/google/cadvisor" } }];
    expect(ownChoices({ Require, Replace })).toEqual([
      "github.com/miekg/dns",
      "k8s.io/kubernetes",
      "k8s.io/klog/v2",
    ]);
    expect(ownChoices({ Require: [], Replace: null })).toEqual([]);
  });

  test("of what Go lists, those with an update are told", () => {
    const lines = "github.com/miekg/dns\tv1.1.73\t\ngolang.org/x/sys\tv0.49.0\tv0.50.0\n";
    expect(parseModules(lines)).toEqual([
      { name: "golang.org/x/sys", current: "v0.49.0", newest: "v0.50.0" },
    ]);
  });
});

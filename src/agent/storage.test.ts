import { describe, expect, test } from "vitest";
import { storageOf } from "./storage.ts";

test.each([
  ["/etc/kubesolo/mine", "lasting"],
  ["/data/mine", "lasting"],
  ["/data/usr-local/mine", "lasting"],
  ["/etc/containerd/conf.d/mine.toml", "lasting"],
  ["/etc/cdi/mine.yaml", "lasting"],
  ["/etc/cni/net.d/mine.conf", "lasting"],
  ["/opt/cni/bin/mine", "lasting"],
  ["/run/mine", "passing"],
  ["/var/run/mine", "passing"],
  ["/var/lib/mine", "lasting"],
  ["/data/var-lib/mine", "lasting"],
  ["/var/mine", "passing"],
  ["/usr/mine", "refused"],
  ["/database", "refused"],
])("%s is %s", (path, is) => {
  expect(storageOf(path).is).toBe(is);
});

describe("the system's own file is refused by each of its names", () => {
  test.each([
    ["/etc/kubesolo/config.yaml", "/data/etc-kubesolo/config.yaml"],
    ["/etc/kubesolo/agent/instance.json", "/data/etc-kubesolo/agent/instance.json"],
    ["/var/lib/kubesolo/kine/state.db", "/data/kubesolo/kine/state.db"],
    ["/var/lib/containerd/x", "/data/containerd/x"],
    ["/run/kubesolo-os/cmdline", "/var/run/kubesolo-os/cmdline"],
    ["/run/hostname", "/var/run/hostname"],
  ])("%s, %s", (usual, other) => {
    const own = storageOf(usual);
    expect(own).toMatchObject({ is: "refused", because: "owner" });
    const reason = `it is ${usual}, and ${own.is === "refused" && own.reason}`;
    expect(storageOf(other)).toEqual({ ...own, reason });
  });

  test.each(["/data/clock", "/data/reset-requested"])("%s, which has no other", (path) => {
    expect(storageOf(path)).toMatchObject({ because: "owner" });
  });

  test.each(["/data//clock", "/data/./clock", "/data/x/../clock"])("%s is no way around it", (path) => {
    expect(storageOf(path)).toMatchObject({ because: "shape" });
  });
});

test("a registry's file is the system's when the configuration has that registry", () => {
  const path = "/data/etc-kubesolo/certs.d/docker.io/hosts.toml";
  expect(storageOf(path).is).toBe("lasting");
  expect(storageOf(path, ["docker.io"])).toMatchObject({ because: "owner" });
});

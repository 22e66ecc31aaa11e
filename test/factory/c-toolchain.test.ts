// What is linked into programs with C code is the lock's, whatever the host has beside its compiler.
import { beforeAll, expect, test } from "vitest";
import { type CToolchain, cgoEnvironment, findCToolchain } from "../../src/image/c-toolchain.ts";
import { run } from "../../src/lib/run.ts";

let toolchain: CToolchain;

beforeAll(async () => {
  toolchain = await findCToolchain("amd64");
}, 60_000);

test.each(["libc.a", "libm.a", "libpthread.a", "crt1.o", "crti.o", "crtn.o"])("%s", async (name) => {
  const flags = (cgoEnvironment(toolchain)["CGO_LDFLAGS"] ?? "").split(" ");
  const path = await run([toolchain.compiler, ...flags, `-print-file-name=${name}`]);
  expect(path.trim()).toMatch(new RegExp(`^${toolchain.sysroot}/`));
});

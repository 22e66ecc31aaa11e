// Who may import whom. One way: commands → lives → up | starts | power-cut | conformance | bench | proof → sandbox → kit | bundle | releasing →
// image | vm | agent → tree | disk → lib | release.
const only = (name, from, allowed) => ({
  name,
  severity: "error",
  from: { path: `^src/${from}/` },
  to: { path: "^src/", pathNot: `^src/(${[from, ...allowed].join("|")})/` },
});

/** A room of src/agent: which others it may import, and which of the files beside them. Tests may import what they like. */
const room = (name, from, { allowed, root = "[^/]+$" }) => ({
  name,
  severity: "error",
  from: { path: `^src/agent/${from}/`, pathNot: "\\.test\\.ts$" },
  to: { path: "^src/agent/", pathNot: `^src/agent/(${allowed}|${root})` },
});

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    only("lib-stands-alone", "lib", []),
    only("release-stands-alone", "release", ["lib"]), // its tests only:
    {
      name: "release-has-no-node",
      severity: "error",
      from: { path: "^src/release/", pathNot: "\\.test\\.ts$" },
      to: { path: "^src/lib/" },
    },
    only("agent-uses-lib", "agent", ["lib", "release"]),
    // Inside the agent: configuration → cloud-init → network → root files. The pure half knows of the other what a plan is.
    room("agent-network-knows-no-texts", "network", { allowed: "network/" }),
    room("agent-cloud-init-is-pure", "cloud-init", {
      allowed: "(cloud-init/|network/(plan|addresses)\\.ts$)",
      root: "(once|storage|host)\\.ts$", // pure ones; host.ts has only types
    }),
    room("agent-login-takes-accounts", "login", { allowed: "(login/|cloud-init/actions\\.ts$)" }),
    {
      name: "only-tests-use-test",
      severity: "error",
      from: { path: "^src/", pathNot: "\\.test\\.ts$" },
      to: { path: "^test/" },
    },
    only("tree-uses-lib", "tree", ["lib"]),
    only("disk-uses-tree-and-lib", "disk", ["tree", "lib", "release"]),
    only("vm-never-imports-image", "vm", ["lib", "release"]),
    only("image-never-imports-vm", "image", ["agent", "tree", "disk", "lib", "release"]),
    only("kit-uses-image", "kit", ["image", "tree", "lib"]),
    only("bundle-uses-image", "bundle", ["image", "tree", "lib", "release"]),
    only("flash-uses-image", "flash", ["image", "disk", "lib"]),
    only("access-uses-lib", "access", ["lib", "release"]),
    only("support-uses-lib", "support", ["lib", "release"]),
    only("releasing-uses-image", "releasing", ["image", "lib", "release"]),
    only("sandbox-uses-image", "sandbox", ["image", "lib", "release"]),
    only("starts-use-sandbox-and-vm", "starts", ["sandbox", "vm", "lib"]),
    only("power-cut-uses-vm", "power-cut", ["vm", "lib", "release"]),
    only("lives-join-proof-and-vm", "lives", ["proof", "vm", "lib", "release"]),
    only("conformance-joins-image-and-sandbox", "conformance", ["image", "kit", "sandbox", "tree", "lib"]),
    only("boot-times-use-lib", "boot-times", ["lib"]),
    only("up-joins-image-and-vm", "up", ["image", "bundle", "kit", "vm", "tree", "lib", "release"]),
    only("bench-joins-all-but-starts", "bench", [
      "sandbox",
      "image",
      "kit",
      "vm",
      "boot-times",
      "tree",
      "lib",
      "release",
    ]),
    only("proof-joins-agent-and-image", "proof", ["agent", "image", "lib", "release"]),
    {
      name: "boxes-in-memory-have-no-node",
      severity: "error",
      from: { path: "^src/proof/(box/|fuzz/(targets/|batch|spoil|fuzz-target|main\\.device))" },
      to: { path: "^(src/(lib/(?!random)|image/)|node:)" },
    },
    only("commands-use-everything-below", "commands", [
      "proof",
      "up",
      "boot-times",
      "starts",
      "power-cut",
      "lives",
      "conformance",
      "bench",
      "sandbox",
      "kit",
      "bundle",
      "access",
      "support",
      "flash",
      "releasing",
      "image",
      "vm",
      "agent",
      "tree",
      "disk",
      "lib",
      "release",
    ]),
    {
      name: "tests-use-only-the-machine",
      severity: "error",
      from: { path: "^test/vm/", pathNot: "^test/vm/(conformance|faulty-root)\\." },
      to: { path: "^src/", pathNot: "^src/(power-cut|vm|tree|boot-times|lib|release)/" },
    },
    {
      name: "faulty-roots-are-made-as-the-image-is",
      severity: "error",
      from: { path: "^test/vm/faulty-root\\." },
      to: { path: "^src/", pathNot: "^src/(image|vm|tree|lib|release)/" },
    },
    {
      name: "conformance-selections-use-only-their-runner",
      severity: "error",
      from: { path: "^test/(conformance/|vm/conformance\\.)" },
      to: { path: "^src/", pathNot: "^src/(conformance|vm|lib)/" },
    },
  ],
  options: {
    tsPreCompilationDeps: true, // who imports only a type has to know of it, too
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
  },
};

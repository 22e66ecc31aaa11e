// Who gets in: by certificates of a client CA, until it is replaced; by none that can't be used, and the node starts anyway.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createFolder, grant } from "../../src/access/folder.ts";
import { formatKubeconfig } from "../../src/access/kubeconfig.ts";
import { type NodeUnderTest, patience, startNode } from "./node-under-test.ts";

const lifetimes = { authorityDays: 2, days: 1 };
const viewer = `
kind: ClusterRoleBinding
apiVersion: rbac.authorization.k8s.io/v1
metadata: {name: viewers}
subjects: [{kind: Group, name: viewers, apiGroup: rbac.authorization.k8s.io}]
roleRef: {kind: ClusterRole, name: view, apiGroup: rbac.authorization.k8s.io}
`;

let node: NodeUnderTest;
const inside = (name: string) => join(node.directory, name);

beforeAll(async () => {
  node = await startNode("access");
  for (const folder of ["mine", "theirs"]) await createFolder(inside(folder), lifetimes, new Date());
  await grant(
    inside("mine"),
    { name: "ann", groups: ["viewers"] },
    { days: 1, isReplaced: false },
    new Date(),
  );
  await node.sandbox.waitForReady(patience);
});

afterAll(async () => {
  await node?.end();
});

/** kubectl as somebody, on the node: its exit code and what it says. */
async function as(folder: string, name: string, ...args: string[]) {
  const file = inside(`${folder}-${name}.kubeconfig`);
  const read = (path: string) => readFileSync(path, "utf8");
  const text = formatKubeconfig({
    name: "box",
    url: "https://127.0.0.1:6443",
    caPem: read(join(node.sandbox.path("state"), "pki/ca/ca.crt")),
    user: {
      name,
      certificatePem: read(inside(`${folder}/${name}.crt`)),
      keyPem: read(inside(`${folder}/${name}.key`)),
    },
  });
  writeFileSync(file, text);
  const kubectl = [join(node.sandbox.options.engine, "kubectl"), `--kubeconfig=${file}`];
  const { exitCode, stdout, stderr } = await node.sandbox.runAnyExit([...kubectl, ...args]);
  return { exitCode, said: `${stdout}${stderr}` };
}

const told = async () => (await node.sandbox.runAnyExit(["cat", "/run/kubesolo/access"])).stdout;

test("without a client CA only the node's own counts, and its fingerprint is there for the console", async () => {
  expect((await as("mine", "admin", "get", "nodes")).said).toMatch(/Unauthorized|must be logged in/);
  expect(await node.sandbox.run(["cat", "/run/kubesolo/ca-fingerprint"])).toMatch(
    /^SHA256:[A-Za-z0-9+/]{43}\n$/,
  );
  expect(await told()).toBe("");
});

describe("with a client CA", () => {
  beforeAll(() => node.restartWith("--apiserver-client-ca", inside("mine/ca.crt")));

  test("its administrator may do anything, and the node's own still may", async () => {
    expect((await as("mine", "admin", "auth", "can-i", "*", "*")).said).toContain("yes");
    expect(await node.sandbox.kubectl("auth", "can-i", "*", "*")).toContain("yes");
  });

  test("administrators alone get a support bundle, where there is an agent that makes one", async () => {
    const ask = ["get", "--raw", "/kubesolo-os/support"];
    expect((await as("mine", "ann", ...ask)).said).toContain("Forbidden");
    expect((await as("mine", "admin", ...ask)).said).toMatch(/NotFound|no kubesolo-os-agent/);
  });

  test("others may what RBAC gives their groups", async () => {
    expect((await as("mine", "ann", "get", "pods", "-A")).said).toContain("Forbidden");
    writeFileSync(inside("viewer.yaml"), viewer);
    await node.sandbox.kubectl("apply", "-f", inside("viewer.yaml"));
    expect((await as("mine", "ann", "get", "pods", "-A")).exitCode).toBe(0);
    expect((await as("mine", "ann", "create", "namespace", "hers")).said).toContain("Forbidden");
  });

  test("somebody with a certificate of another authority doesn't get in", async () => {
    expect((await as("theirs", "admin", "get", "nodes")).said).toMatch(/Unauthorized|must be logged in/);
  });
});

test("another client CA shuts out all who had certificates of the one before", async () => {
  await node.restartWith("--apiserver-client-ca", inside("theirs/ca.crt"));
  expect((await as("theirs", "admin", "get", "nodes")).exitCode).toBe(0);
  expect((await as("mine", "admin", "get", "nodes")).said).toMatch(/Unauthorized|must be logged in/);
});

test("what can't be used is told, and the node is ready without it", async () => {
  writeFileSync(
    inside("authentication.yaml"),
    "kind: AuthenticationConfiguration\napiVersion: apiserver.config.k8s.io/v1\njwt: [{}]\n",
  );
  await node.restartWith(
    "--apiserver-client-ca",
    inside("nowhere.crt"),
    "--apiserver-authentication-config-file",
    inside("authentication.yaml"),
  );
  expect(await told()).toMatch(
    /the client CA isn't trusted: .*nowhere\.crt.*\nno tokens of others are taken: .*issuer\.url/,
  );
  expect(node.sandbox.engineLog).toContain("no tokens of others are taken");
  expect(await node.sandbox.kubectl("get", "nodes")).toContain("Ready");
});

test("an identity provider that doesn't answer delays nothing", async () => {
  const file = inside("good.yaml");
  writeFileSync(
    file,
    `kind: AuthenticationConfiguration
apiVersion: apiserver.config.k8s.io/v1
jwt: [{issuer: {url: "https://login.invalid", audiences: [box]}, claimMappings: {username: {claim: sub, prefix: "oidc:"}}}]
`,
  );
  await node.restartWith(
    "--apiserver-client-ca",
    inside("mine/ca.crt"),
    "--apiserver-authentication-config-file",
    file,
  );
  expect(await told()).toBe("");
  expect((await as("mine", "admin", "get", "nodes")).exitCode).toBe(0);
});

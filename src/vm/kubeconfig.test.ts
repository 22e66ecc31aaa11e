import { expect, test } from "vitest";
import { changeServer } from "./kubeconfig.ts";

const kubeconfig = (...clusters: string[]) => ["kind: Config", ...clusters, "users: []", ""].join("\n");

test("only the server's line changes", () => {
  const before = kubeconfig(
    "  - cluster:",
    "      server: https://127.0.0.1:6443",
    "      tls-server-name: a",
  );
  const after = kubeconfig(
    "  - cluster:",
    "      server: https://127.0.0.1:7000",
    "      tls-server-name: a",
  );
  expect(changeServer(before, "https://127.0.0.1:7000")).toBe(after);
});

test.each([
  ["no server", kubeconfig(), "0 servers"],
  ["two servers", kubeconfig("server: https://a", "server: https://b"), "2 servers"],
])("a kubeconfig with %s is refused", (_, text, message) => {
  expect(() => changeServer(text, "https://127.0.0.1:1")).toThrow(message);
});

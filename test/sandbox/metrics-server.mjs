// A metrics-server that knows one node, until it is killed: node metrics-server.mjs ADDRESS FOLDER-OF-CERTIFICATES NODE CPU
import { readFileSync } from "node:fs";
import { createServer } from "node:https";

const [address, folder = "", node, cpu] = process.argv.slice(2);
const root = "/apis/metrics.k8s.io/v1beta1";
const apiVersion = "metrics.k8s.io/v1beta1";
const nodes = {
  name: "nodes",
  singularName: "",
  namespaced: false,
  kind: "NodeMetrics",
  verbs: ["get", "list"],
};
const figure = {
  metadata: { name: node },
  timestamp: "2026-11-30T12:00:00Z",
  window: "15s",
  usage: { cpu, memory: "1Gi" },
};
const answers = {
  [root]: { kind: "APIResourceList", apiVersion: "v1", groupVersion: apiVersion, resources: [nodes] },
  [`${root}/nodes`]: { kind: "NodeMetricsList", apiVersion, metadata: {}, items: [figure] },
};
const tls = { key: readFileSync(`${folder}/server.key`), cert: readFileSync(`${folder}/server.crt`) };
createServer(tls, ({ url = "" }, response) => {
  const answer = answers[url.split("?")[0] ?? ""];
  response.writeHead(answer === undefined ? 404 : 200, { "Content-Type": "application/json" });
  response.end(JSON.stringify(answer ?? { kind: "Status", apiVersion: "v1", code: 404 }));
}).listen(4443, address);

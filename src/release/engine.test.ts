import { expect, test } from "vitest";
import { engineContract } from "../../test/engine-contract.ts";
import * as engine from "./engine.ts";
import { runPath } from "./run-files.ts";
import { SUPPORT_PATH } from "./support-bundle.ts";

test("what is said of the engine is what it says itself", () => {
  expect(engineContract).toMatchObject({
    apiServerPort: engine.API_SERVER_PORT,
    kubeletPort: engine.KUBELET_PORT,
    path: engine.ENGINE_STATE,
    adminKubeconfig: engine.adminKubeconfig(),
    readyFile: engine.READY_FILE,
    nodeNameFile: engine.NODE_NAME,
    file: engine.ENGINE_CONFIG,
    registryHosts: engine.REGISTRY_HOSTS,
    configuredImages: runPath("images"),
    systemMetrics: runPath("metrics"),
    supportPath: SUPPORT_PATH,
  });
});

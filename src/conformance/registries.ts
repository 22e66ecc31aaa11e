// Pure: under which names the tests look for their images. The names are ours, so that nothing comes from outside.

/** Where the node finds the registry that conformance.ts starts. */
export const registryPort = 5055;
const REGISTRY = `localhost:${registryPort}/e2e`;

/**
 * The tests' own way to use another registry: a file named by KUBE_TEST_REPO_LIST
 * (k8s.io/kubernetes/test/utils/image, type RegistryList). Invalid registries must stay unreachable.
 */
export const registryList = [
  `promoterE2eRegistry: ${REGISTRY}`,
  `gcRegistry: ${REGISTRY}`,
  `gcEtcdRegistry: ${REGISTRY}`,
  "invalidRegistry: localhost/invalid",
  "",
].join("\n");

/** References by image name ("agnhost") from what `e2e.test --list-images` prints, a reference a line. */
export function parseImageList(text: string): ReadonlyMap<string, readonly string[]> {
  const references = new Map<string, string[]>();
  for (const line of text.split("\n")) {
    const reference = line.trim();
    if (!reference.startsWith(`${REGISTRY}/`)) continue;
    const [name = ""] = reference.slice(REGISTRY.length + 1).split(":");
    references.set(name, [...(references.get(name) ?? []), reference].sort());
  }
  return references;
}

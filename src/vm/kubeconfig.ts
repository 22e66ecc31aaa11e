// Pure: the node's kubeconfig as the host needs it.

/** The same kubeconfig with another server; the certificate must name that server's host. */
export function changeServer(kubeconfig: string, server: string): string {
  const lines = kubeconfig.split("\n");
  const found = lines.filter((line) => serverLine.test(line)).length;
  if (found !== 1) throw new Error(`a kubeconfig with ${found} servers, not 1`);
  return lines.map((line) => line.replace(serverLine, `$1${server}`)).join("\n");
}

const serverLine = /^(\s*(?:- )?server:\s+).*$/;

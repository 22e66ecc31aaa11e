// Pure: what a person needs to know about a machine that is up.

export interface Facts {
  readonly httpPort: number;
  readonly apiPort: number;
  /** Host paths. */
  readonly kubeconfig: string;
  readonly kubectl: string;
  readonly consoleLog: string;
}

export function describeMachine({ httpPort, apiPort, kubeconfig, kubectl, consoleLog }: Facts): string {
  return [
    `nginx       http://127.0.0.1:${httpPort}`,
    `API server  https://127.0.0.1:${apiPort}`,
    `kubeconfig  export KUBECONFIG=${kubeconfig}`,
    `kubectl     ${kubectl} get pods --all-namespaces`,
    `console     tail -f ${consoleLog}`,
    "update      make update   (to these sources, as machines in the field are updated)",
    "stop        make down     (make down CLEAN=1 also removes its disk)",
  ].join("\n");
}

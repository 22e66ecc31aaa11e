// kubesolo-os-agent-network: one call of the agent's Host that needs the network or X.509, from standard input to standard output.
// See runtime/host/network.go.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"kubesolo-os/runtime/host"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	var call host.Call
	if err := json.NewDecoder(os.Stdin).Decode(&call); err != nil {
		return err
	}
	result, err := answer(call)
	if err != nil {
		call.Failure = asFailure(err)
	} else if call.Result, err = json.Marshal(result); err != nil {
		return err
	}
	call.Args = nil // may be secret, and large
	return json.NewEncoder(os.Stdout).Encode(call)
}

func answer(call host.Call) (any, error) {
	var request host.HTTPRequest
	switch call.Call {
	case "fetch":
		var maxBytes int64
		if err := readArgs(call, &request, &maxBytes); err != nil {
			return nil, err
		}
		return fetch(request, maxBytes)
	case "download":
		var path string
		var options host.DownloadOptions
		if err := readArgs(call, &request, &path, &options); err != nil {
			return nil, err
		}
		return nil, download(request, path, options)
	case "copyPiece":
		var target string
		var options host.CopyOptions
		if err := readArgs(call, &request, &target, &options); err != nil {
			return nil, err
		}
		return nil, copyPiece(request, target, options)
	case "readCertificate":
		var text string
		if err := readArgs(call, &text); err != nil {
			return nil, err
		}
		return readCertificate(text)
	}
	return nil, host.Failed("EINVAL", "no such call: %q", call.Call)
}

func readArgs(call host.Call, into ...any) error {
	if len(call.Args) != len(into) {
		return host.Failed("EINVAL", "%s has %d arguments, not %d", call.Call, len(into), len(call.Args))
	}
	for i, arg := range call.Args {
		if err := json.Unmarshal(arg, into[i]); err != nil {
			return err
		}
	}
	return nil
}

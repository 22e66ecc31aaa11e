// nodekeys DIRECTORY makes the keys, certificates and kubeconfigs of a node in DIRECTORY/pki, as the engine
// does at its start, and prints the node's address. The benchmark gives them to what it compares the engine with.
package main

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"time"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/logs"
	"kubesolo-os/engine/node"
	"kubesolo-os/engine/pki"
)

func main() {
	address, err := makeKeys(os.Args[1:])
	if err != nil {
		logs.Line("nodekeys", "%v", err)
		os.Exit(1)
	}
	fmt.Println(address)
}

func makeKeys(args []string) (string, error) {
	if len(args) != 1 {
		return "", errors.New("usage: nodekeys DIRECTORY")
	}
	hostname, err := os.Hostname()
	if err != nil {
		return "", err
	}
	address, err := node.WaitForAddress(context.Background(), func(time.Duration) {})
	if err != nil {
		return "", err
	}
	if !address.IsValid() {
		return "", errors.New("no network interface has got an IPv4 address")
	}
	_, err = pki.Ensure(config.Config{Path: args[0], NodeName: hostname, NodeIP: address,
		ServiceNetwork: netip.MustParsePrefix(config.DefaultServiceNetwork)}, time.Now())
	return address.String(), err
}

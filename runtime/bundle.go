package main

import (
	"embed"
	"errors"
)

//go:embed all:bundle
var bundle embed.FS

// bundleSource is the agent's JavaScript, an immediately called function that sets the global "agent".
func bundleSource() (string, error) {
	source, err := bundle.ReadFile("bundle/agent.js")
	if err != nil {
		return "", errors.New("this program was compiled without its bundle: `make agent` does both")
	}
	return string(source), nil
}

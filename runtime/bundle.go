package main

import (
	"embed"
	"errors"
)

//go:embed all:bundle
var bundle embed.FS

// readBundle is the bytecode of one of the agent's scripts, which sets the global of that name.
func readBundle(name string) ([]byte, error) {
	bytecode, err := bundle.ReadFile("bundle/" + name + ".qjs")
	if err != nil {
		return nil, errors.New("this program was compiled without its bundle: `make agent` does both")
	}
	return bytecode, nil
}

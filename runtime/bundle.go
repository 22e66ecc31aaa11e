package main

import (
	"embed"
	"errors"
)

//go:embed all:bundle
var bundle embed.FS

// bundleSource is one of the agent's JavaScript files: an immediately called function that sets the global of that name.
func bundleSource(name string) (string, error) {
	source, err := bundle.ReadFile("bundle/" + name + ".js")
	if err != nil {
		return "", errors.New("this program was compiled without its bundle: `make agent` does both")
	}
	return string(source), nil
}

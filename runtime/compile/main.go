// Compiles a script from its standard input to the bytecode that kubesolo-os-agent has in it. The factory runs it. The
// script's name is what stack traces call it.
//
//	usage: compile NAME FILE
package main

import (
	"fmt"
	"io"
	"os"

	"kubesolo-os/runtime/quickjs"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	source, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	js := quickjs.New()
	defer js.Close()
	bytecode, err := js.Compile(os.Args[1], string(source))
	if err != nil {
		return err
	}
	return os.WriteFile(os.Args[2], bytecode, 0o644)
}

// kubesolo-os-agent: runs the TypeScript of src/agent, compiled in as bytecode, and gives it the one object through which
// it touches the world. It decides nothing; what each call means is in src/agent/host.ts.
package main

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"

	"kubesolo-os/runtime/quickjs"
)

// As everywhere in the project: 64 is a wrong command line, 70 a defect.
const (
	exitUsage  = 64
	exitDefect = 70
)

// Set by the linker.
var version = "unknown"

func main() {
	os.Exit(run(os.Args[1:]))
}

func run(args []string) (code int) {
	defer func() {
		if defect := recover(); defect != nil {
			fmt.Fprintf(os.Stderr, "kubesolo-os-agent: defect in the runtime: %v\n%s", defect, debug.Stack())
			code = exitDefect
		}
	}()
	trace, args, err := openTrace(args)
	if err != nil {
		fmt.Fprintf(os.Stderr, "kubesolo-os-agent: %v\n", err)
		return exitUsage
	}
	defer trace.close()
	bytecode, err := readBundle("agent")
	if err == nil {
		code, err = runBundle(quickjs.New(), bytecode, args, trace)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "kubesolo-os-agent: %v\n", err)
		return exitDefect
	}
	return code
}

// runBundle calls the bundle's main(host, args, version), which returns the exit code.
func runBundle(js *quickjs.Engine, bytecode []byte, args []string, trace *trace) (int, error) {
	js.Global().Set("late", js.Function("late", func(names []quickjs.Value) (quickjs.Value, error) {
		return lateBundle(js, names)
	}))
	if err := js.Run(bytecode); err != nil {
		return 0, err
	}
	entry := js.Global().Get("agent").Get("main")
	if !entry.IsFunction() {
		return 0, errors.New("the bundle has no function agent.main")
	}
	words := make([]quickjs.Value, len(args))
	for i, arg := range args {
		words[i] = js.Text(arg)
	}
	result, err := js.Call(entry, newHost(js, trace), js.List(words), js.Text(version))
	if err != nil {
		return 0, err
	}
	code, _ := result.Number()
	return int(code), trace.checkEnd()
}

// lateBundle is what a bundle exports that most commands don't need; it is loaded when it is first asked for.
func lateBundle(js *quickjs.Engine, names []quickjs.Value) (quickjs.Value, error) {
	name, _ := names[0].Text()
	if exports := js.Global().Get(name); !exports.IsNothing() {
		return exports, nil
	}
	bytecode, err := readBundle(name)
	if err != nil {
		return quickjs.Value{}, err
	}
	if err := js.Run(bytecode); err != nil {
		return quickjs.Value{}, err
	}
	return js.Global().Get(name), nil
}

// kubesolo-os-agent: runs the TypeScript of src/agent, compiled in as one JavaScript file, and gives it the one object
// through which it touches the world. It decides nothing; what each call means is in src/agent/host.ts.
package main

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	"github.com/dop251/goja"
)

// As everywhere in the project: 64 is a wrong command line, 70 a defect.
const (
	exitUsage  = 64
	exitDefect = 70
)

// How many calls deep JavaScript may go. The engine has no limit of its own, and takes memory until the machine has none.
const maxCalls = 4_000

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
	// A small box has little memory at boot.
	debug.SetMemoryLimit(24 << 20)

	trace, args, err := openTrace(args)
	if err != nil {
		fmt.Fprintf(os.Stderr, "kubesolo-os-agent: %v\n", err)
		return exitUsage
	}
	defer trace.close()
	source, err := bundleSource("agent")
	if err != nil {
		fmt.Fprintf(os.Stderr, "kubesolo-os-agent: %v\n", err)
		return exitDefect
	}
	code, err = runBundle(source, args, trace)
	if err != nil {
		fmt.Fprintf(os.Stderr, "kubesolo-os-agent: %v\n", describe(err))
		return exitDefect
	}
	return code
}

// runBundle calls the bundle's main(host, args, version), which returns the exit code.
func runBundle(source string, args []string, trace *trace) (int, error) {
	js := goja.New()
	js.SetMaxCallStackSize(maxCalls)
	if err := js.Set("late", func(name string) (goja.Value, error) { return lateBundle(js, name) }); err != nil {
		return 0, err
	}
	if err := load(js, "agent", source); err != nil {
		return 0, err
	}
	entry, isFunction := goja.AssertFunction(exported(js, "main"))
	if !isFunction {
		return 0, errors.New("the bundle has no function agent.main")
	}
	result, err := entry(goja.Undefined(), newHost(js, trace), js.ToValue(args), js.ToValue(version))
	if err != nil {
		return 0, err
	}
	return int(result.ToInteger()), trace.checkEnd()
}

func load(js *goja.Runtime, name, source string) error {
	program, err := goja.Compile(name+".js", source, true)
	if err != nil {
		return err
	}
	_, err = js.RunProgram(program)
	return err
}

// lateBundle is what a bundle exports that most commands don't need; it is compiled when it is first asked for.
func lateBundle(js *goja.Runtime, name string) (goja.Value, error) {
	if exports := js.Get(name); exports != nil {
		return exports, nil
	}
	source, err := bundleSource(name)
	if err != nil {
		return nil, err
	}
	if err := load(js, name, source); err != nil {
		return nil, err
	}
	return js.Get(name), nil
}

func exported(js *goja.Runtime, name string) goja.Value {
	agent, isObject := js.Get("agent").(*goja.Object)
	if !isObject {
		return goja.Undefined()
	}
	return agent.Get(name)
}

// describe tells where in the bundle an exception was thrown.
func describe(err error) string {
	var tooDeep *goja.StackOverflowError
	if errors.As(err, &tooDeep) {
		return fmt.Sprintf("more than %d calls within each other:\n%s", maxCalls, firstLines(tooDeep.String(), 10))
	}
	var exception *goja.Exception
	if errors.As(err, &exception) {
		return exception.String()
	}
	return err.Error()
}

func firstLines(text string, count int) string {
	lines := strings.Split(text, "\n")
	return strings.Join(lines[:min(count, len(lines))], "\n")
}

// Package quickjs runs JavaScript with QuickJS, a library of C: bytecode that the factory made, calls in, and calls out to
// Go. It knows nothing of the agent. One engine at a time, on the thread that made it.
package quickjs

/*
#cgo LDFLAGS: -l:quickjs/libquickjs.a -lm
#include <stdlib.h>
#include <quickjs/quickjs.h>

JSValue quickjsCallOut(JSContext *context, JSValue this, int count, JSValue *args, int number);
*/
import "C"

import (
	"runtime"
	"unsafe"
)

// Limits: what goes beyond them is an exception, and never takes the process or the machine along.
const (
	maxMemoryBytes = 64 << 20
	// Of the thread's stack, of which there are 8 MiB: some thousand calls within each other.
	maxStackBytes = 2 << 20
	// How much there is before cycles of garbage are looked for: most commands end sooner.
	collectFromBytes = 8 << 20
)

// Function is called by JavaScript. It throws by returning a Throw; any other error ends the script without being caught,
// and comes out of Run or Call.
type Function func(args []Value) (Value, error)

// Throw is a JavaScript Error with these properties; a code only if there is one.
type Throw struct{ Name, Code, Message string }

func (t *Throw) Error() string { return t.Message }

// Exception is what a script threw and nobody caught: what it says, and where.
type Exception struct{ text string }

func (e *Exception) Error() string { return e.text }

type Engine struct {
	runtime   *C.JSRuntime
	context   *C.JSContext
	functions []Function
	// What Go has references to: until the function that asked for them returns.
	kept []C.JSValue
	// Why the script had to end.
	fatal error
}

// running is the engine that quickjsCallOut belongs to.
var running *Engine

// New makes an engine. A process that ends need not Close it.
func New() *Engine {
	if running != nil {
		panic("there is an engine already")
	}
	runtime.LockOSThread() // it measures how deep the stack is from here
	e := &Engine{runtime: C.JS_NewRuntime()}
	C.JS_SetMemoryLimit(e.runtime, maxMemoryBytes)
	C.JS_SetMaxStackSize(e.runtime, maxStackBytes)
	C.JS_SetGCThreshold(e.runtime, collectFromBytes)
	e.context = C.JS_NewContext(e.runtime)
	running = e
	return e
}

// Close must not follow a panic out of a Function: then the library isn't done with what it had begun.
func (e *Engine) Close() {
	e.release(0)
	C.JS_FreeContext(e.context)
	C.JS_FreeRuntime(e.runtime)
	running = nil
	runtime.UnlockOSThread()
}

// Compile makes bytecode of a script, for Run of the same version of the library. It keeps the names and lines of
// functions, which is what a stack trace needs, and not their text.
func (e *Engine) Compile(name, source string) ([]byte, error) {
	C.JS_SetStripInfo(e.runtime, C.JS_STRIP_SOURCE)
	text, file := C.CString(source), C.CString(name)
	defer C.free(unsafe.Pointer(text))
	defer C.free(unsafe.Pointer(file))
	const flags = C.JS_EVAL_TYPE_GLOBAL | C.JS_EVAL_FLAG_STRICT | C.JS_EVAL_FLAG_COMPILE_ONLY
	script, err := e.result(C.JS_Eval(e.context, text, C.size_t(len(source)), file, flags))
	if err != nil {
		return nil, err
	}
	var size C.size_t
	bytes := C.JS_WriteObject(e.context, &size, script.raw, C.JS_WRITE_OBJ_BYTECODE)
	if bytes == nil {
		return nil, e.exception()
	}
	defer C.js_free(e.context, unsafe.Pointer(bytes))
	return C.GoBytes(unsafe.Pointer(bytes), C.int(size)), nil
}

// Run runs what Compile made. The engine trusts it: it must be the program's own.
func (e *Engine) Run(bytecode []byte) error {
	bytes := (*C.uint8_t)(unsafe.SliceData(bytecode))
	script := C.JS_ReadObject(e.context, bytes, C.size_t(len(bytecode)), C.JS_READ_OBJ_BYTECODE)
	if C.JS_IsException(script) != 0 {
		return e.exception()
	}
	_, err := e.result(C.JS_EvalFunction(e.context, script))
	return err
}

func (e *Engine) Call(function Value, args ...Value) (Value, error) {
	raw := make([]C.JSValue, len(args))
	for i, arg := range args {
		raw[i] = arg.raw
	}
	return e.result(C.JS_Call(e.context, function.raw, e.Undefined().raw, C.int(len(raw)), unsafe.SliceData(raw)))
}

// result keeps a value, or says what was thrown instead.
func (e *Engine) result(raw C.JSValue) (Value, error) {
	if C.JS_IsException(raw) != 0 {
		return Value{}, e.exception()
	}
	return e.keep(raw), nil
}

func (e *Engine) exception() error {
	if e.fatal != nil {
		return e.fatal
	}
	thrown := e.keep(C.JS_GetException(e.context))
	if C.JS_IsNull(thrown.raw) != 0 {
		// The library throws it when there isn't even the memory for an Error.
		return &Exception{"null was thrown: out of memory"}
	}
	text := thrown.describe()
	if stack, isText := thrown.Get("stack").Text(); isText {
		text += "\n" + stack
	}
	return &Exception{text}
}

func (e *Engine) keep(raw C.JSValue) Value {
	e.kept = append(e.kept, raw)
	return Value{e, raw}
}

// release lets go of all but the first `count` values.
func (e *Engine) release(count int) {
	for _, raw := range e.kept[count:] {
		C.JS_FreeValue(e.context, raw)
	}
	e.kept = e.kept[:count]
}

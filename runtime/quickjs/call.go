package quickjs

/*
#include <stdlib.h>
#include <quickjs/quickjs.h>

JSValue quickjsCallOut(JSContext *context, JSValue this, int count, JSValue *args, int number);
*/
import "C"

import (
	"errors"
	"unsafe"
)

// Function makes a JavaScript function of one of Go's.
func (e *Engine) Function(name string, function Function) Value {
	text := C.CString(name)
	defer C.free(unsafe.Pointer(text))
	e.functions = append(e.functions, function)
	number := C.int(len(e.functions) - 1)
	callOut := (*C.JSCFunctionMagic)(C.quickjsCallOut)
	return e.keep(C.JS_NewCFunctionMagic(e.context, callOut, text, 0, C.JS_CFUNC_generic_magic, number))
}

//export quickjsCallOut
func quickjsCallOut(context *C.JSContext, _ C.JSValue, count C.int, raw *C.JSValue, number C.int) C.JSValue {
	e := running
	before := len(e.kept)
	defer func() { e.release(before) }()
	args := make([]Value, count)
	for i, arg := range unsafe.Slice(raw, count) {
		args[i] = Value{e, arg}
	}
	result, err := e.functions[number](args)
	if err != nil {
		return e.throw(err)
	}
	return C.JS_DupValue(context, result.raw) // the caller's, while ours is let go
}

func (e *Engine) throw(err error) C.JSValue {
	var throw *Throw
	canCatch := errors.As(err, &throw) && e.fatal == nil
	if !canCatch {
		e.fatal = errors.Join(e.fatal, err)
		throw = &Throw{Message: err.Error()}
	}
	// By the constructor: it notes where it was called.
	object, thrown := e.construct("Error", e.Text(throw.Message))
	if thrown != nil {
		return C.JS_ThrowOutOfMemory(e.context)
	}
	if throw.Name != "" {
		object.Set("name", e.Text(throw.Name))
	}
	if throw.Code != "" {
		object.Set("code", e.Text(throw.Code))
	}
	if !canCatch {
		C.JS_SetUncatchableError(e.context, object.raw, 1)
	}
	return C.JS_Throw(e.context, C.JS_DupValue(e.context, object.raw))
}

func (e *Engine) construct(class string, args ...Value) (Value, error) {
	raw := make([]C.JSValue, len(args))
	for i, arg := range args {
		raw[i] = arg.raw
	}
	constructor := e.Global().Get(class)
	return e.result(C.JS_CallConstructor(e.context, constructor.raw, C.int(len(raw)), unsafe.SliceData(raw)))
}

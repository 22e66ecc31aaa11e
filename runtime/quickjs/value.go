package quickjs

/*
#include <stdlib.h>
#include <quickjs/quickjs.h>
*/
import "C"

import (
	"strings"
	"unicode/utf8"
	"unsafe"
)

// Value is one of JavaScript's. Whoever gets one from here has it until the Function that it is in returns.
type Value struct {
	engine *Engine
	raw    C.JSValue
}

func (e *Engine) Undefined() Value { return Value{e, C.JSValue{tag: C.JS_TAG_UNDEFINED}} }

func (e *Engine) Global() Value { return e.keep(C.JS_GetGlobalObject(e.context)) }

func (e *Engine) Bool(is bool) Value {
	var number C.int
	if is {
		number = 1
	}
	return e.keep(C.JS_NewBool(e.context, number))
}

func (e *Engine) Number(number float64) Value {
	return e.keep(C.JS_NewFloat64(e.context, C.double(number)))
}

// Text: what isn't UTF-8 in it becomes U+FFFD.
func (e *Engine) Text(text string) Value {
	bytes := (*C.char)(unsafe.Pointer(unsafe.StringData(text)))
	return e.keep(C.JS_NewStringLen(e.context, bytes, C.size_t(len(text))))
}

// Bytes is a Uint8Array with a copy of them.
func (e *Engine) Bytes(bytes []byte) Value {
	buffer := e.keep(C.JS_NewArrayBufferCopy(e.context, (*C.uint8_t)(unsafe.SliceData(bytes)), C.size_t(len(bytes))))
	args := [3]C.JSValue{buffer.raw, e.Undefined().raw, e.Undefined().raw} // it reads all three, whatever their count
	return e.keep(C.JS_NewTypedArray(e.context, 3, &args[0], C.JS_TYPED_ARRAY_UINT8))
}

func (e *Engine) Object() Value { return e.keep(C.JS_NewObject(e.context)) }

func (e *Engine) List(items []Value) Value {
	list := e.keep(C.JS_NewArray(e.context))
	for i, item := range items {
		C.JS_SetPropertyUint32(e.context, list.raw, C.uint32_t(i), C.JS_DupValue(e.context, item.raw))
	}
	return list
}

func (v Value) Set(name string, value Value) {
	text := C.CString(name)
	defer C.free(unsafe.Pointer(text))
	C.JS_SetPropertyStr(v.engine.context, v.raw, text, C.JS_DupValue(v.engine.context, value.raw))
}

// Get is undefined where there is no such property, and where looking for one throws.
func (v Value) Get(name string) Value {
	text := C.CString(name)
	defer C.free(unsafe.Pointer(text))
	return v.engine.orUndefined(C.JS_GetPropertyStr(v.engine.context, v.raw, text))
}

func (e *Engine) orUndefined(raw C.JSValue) Value {
	if C.JS_IsException(raw) == 0 {
		return e.keep(raw)
	}
	e.keep(C.JS_GetException(e.context))
	return e.Undefined()
}

// IsNothing: undefined or null.
func (v Value) IsNothing() bool { return C.JS_IsUndefined(v.raw) != 0 || C.JS_IsNull(v.raw) != 0 }

func (v Value) IsFunction() bool { return C.JS_IsFunction(v.engine.context, v.raw) != 0 }

func (v Value) Bool() (is bool, isBool bool) {
	return C.JS_ToBool(v.engine.context, v.raw) != 0, C.JS_IsBool(v.raw) != 0
}

func (v Value) Number() (number float64, isNumber bool) {
	if C.JS_IsNumber(v.raw) == 0 {
		return 0, false
	}
	var float C.double
	C.JS_ToFloat64(v.engine.context, &float, v.raw)
	return float64(float), true
}

func (v Value) Text() (text string, isText bool) {
	if C.JS_IsString(v.raw) == 0 {
		return "", false
	}
	return v.describe(), true
}

// describe is what String(v) is.
func (v Value) describe() string {
	var size C.size_t
	bytes := C.JS_ToCStringLen(v.engine.context, &size, v.raw)
	if bytes == nil {
		v.engine.keep(C.JS_GetException(v.engine.context))
		return "what can't be said"
	}
	defer C.JS_FreeCString(v.engine.context, bytes)
	return asUTF8(C.GoStringN(bytes, C.int(size)))
}

// asUTF8 puts U+FFFD, as a TextEncoder does, for each half of a surrogate pair, which QuickJS writes in three bytes.
func asUTF8(text string) string {
	const halfBytes = 3
	var made strings.Builder
	for !utf8.ValidString(text) {
		for at, letter := range text {
			if _, size := utf8.DecodeRuneInString(text[at:]); letter == utf8.RuneError && size == 1 {
				made.WriteString(text[:at])
				made.WriteRune(utf8.RuneError)
				text = text[min(at+halfBytes, len(text)):]
				break
			}
		}
	}
	made.WriteString(text)
	return made.String()
}

// Bytes is a copy of a Uint8Array, or of another view of bytes.
func (v Value) Bytes() (bytes []byte, isBytes bool) {
	var offset, size C.size_t
	buffer := C.JS_GetTypedArrayBuffer(v.engine.context, v.raw, &offset, &size, nil)
	if C.JS_IsException(buffer) != 0 {
		v.engine.keep(C.JS_GetException(v.engine.context))
		return nil, false
	}
	v.engine.keep(buffer)
	var whole C.size_t
	start := C.JS_GetArrayBuffer(v.engine.context, &whole, buffer)
	if start == nil || offset+size > whole {
		return []byte{}, true
	}
	return C.GoBytes(unsafe.Add(unsafe.Pointer(start), offset), C.int(size)), true
}

func (v Value) List() (items []Value, isList bool) {
	if C.JS_IsArray(v.engine.context, v.raw) != 1 {
		return nil, false
	}
	length, _ := v.Get("length").Number()
	for i := range C.uint32_t(length) {
		items = append(items, v.engine.orUndefined(C.JS_GetPropertyUint32(v.engine.context, v.raw, i)))
	}
	return items, true
}

func (v Value) IsObject() bool { return C.JS_IsObject(v.raw) != 0 }

// Names of an object's own properties, as Object.keys has them.
func (v Value) Names() []string {
	keys := v.engine.Global().Get("Object").Get("keys")
	list, err := v.engine.Call(keys, v)
	if err != nil {
		return nil
	}
	items, _ := list.List()
	names := make([]string, len(items))
	for i, item := range items {
		names[i], _ = item.Text()
	}
	return names
}

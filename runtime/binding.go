package main

import (
	"fmt"
	"reflect"

	"github.com/dop251/goja"
)

// newHost makes the object of src/agent/host.ts out of the methods: an ordinary Go function each, which returns a value,
// an error, or both.
func newHost(js *goja.Runtime, trace *trace) goja.Value {
	js.SetFieldNameMapper(goja.TagFieldNameMapper("json", true))
	object := js.NewObject()
	for name, method := range methods {
		if err := object.Set(name, bind(js, trace, name, reflect.ValueOf(method))); err != nil {
			panic(err)
		}
	}
	return object
}

func bind(js *goja.Runtime, trace *trace, name string, method reflect.Value) func(goja.FunctionCall) goja.Value {
	return func(call goja.FunctionCall) goja.Value {
		args := make([]reflect.Value, method.Type().NumIn())
		for i := range args {
			arg, err := fromJS(js, call.Argument(i), method.Type().In(i))
			if err != nil {
				panic(js.NewTypeError(fmt.Sprintf("host.%s: argument %d: %v", name, i+1, err)))
			}
			args[i] = arg
		}
		result, err := trace.call(name, method, args)
		if err != nil {
			return fail(js, asFailure(err))
		}
		return toJS(js, result)
	}
}

// fail throws; but nobody may catch that this is another run than the recorded one.
func fail(js *goja.Runtime, f *failure) goja.Value {
	if f.Code != replayDiffers {
		panic(thrown(js, f))
	}
	js.Interrupt(f)
	return goja.Undefined()
}

// invoke calls the method and sorts what it returned; the value is invalid when there is none.
func invoke(method reflect.Value, args []reflect.Value) (reflect.Value, error) {
	results := method.Call(args)
	var value reflect.Value
	for _, result := range results {
		if result.Type() != errorType {
			value = result
			continue
		}
		if err, isError := result.Interface().(error); isError {
			return reflect.Value{}, err
		}
	}
	return value, nil
}

// resultType is nil for a method that returns no value.
func resultType(method reflect.Type) reflect.Type {
	for i := range method.NumOut() {
		if method.Out(i) != errorType {
			return method.Out(i)
		}
	}
	return nil
}

var errorType = reflect.TypeFor[error]()

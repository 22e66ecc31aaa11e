package main

import (
	"fmt"
	"reflect"

	"kubesolo-os/runtime/host"
	"kubesolo-os/runtime/quickjs"
)

// newHost makes the object of src/agent/host.ts out of the methods: an ordinary Go function each, which returns a value,
// an error, or both.
func newHost(js *quickjs.Engine, trace *trace) quickjs.Value {
	object := js.Object()
	for name, method := range host.Methods {
		object.Set(name, js.Function(name, bind(js, trace, name, reflect.ValueOf(method))))
	}
	return object
}

func bind(js *quickjs.Engine, trace *trace, name string, method reflect.Value) quickjs.Function {
	return func(given []quickjs.Value) (quickjs.Value, error) {
		args := make([]reflect.Value, method.Type().NumIn())
		for i := range args {
			args[i] = reflect.New(method.Type().In(i)).Elem()
			if i >= len(given) {
				continue
			}
			if err := fromJS(given[i], args[i]); err != nil {
				message := fmt.Sprintf("host.%s: argument %d: %v", name, i+1, err)
				return quickjs.Value{}, &quickjs.Throw{Name: "TypeError", Message: message}
			}
		}
		result, err := trace.call(name, method, args)
		if err != nil {
			return quickjs.Value{}, thrown(host.AsFailure(err))
		}
		return toJS(js, result), nil
	}
}

// thrown is the failure as JavaScript's HostError; but nobody may catch that this is another run than the recorded one.
func thrown(f *host.Failure) error {
	if f.Code == replayDiffers {
		return f
	}
	return &quickjs.Throw{Name: "HostError", Code: f.Code, Message: f.Message}
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

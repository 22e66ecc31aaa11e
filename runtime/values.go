package main

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/dop251/goja"
)

// content is what JavaScript gives as a string (then its UTF-8) or as a Uint8Array.
type content []byte

func fromJS(js *goja.Runtime, value goja.Value, target reflect.Type) (reflect.Value, error) {
	if target == reflect.TypeFor[content]() {
		bytes, err := contentOf(value.Export())
		return reflect.ValueOf(content(bytes)), err
	}
	made := reflect.New(target)
	if goja.IsUndefined(value) {
		return made.Elem(), nil
	}
	return made.Elem(), js.ExportTo(value, made.Interface())
}

// contentOf is for a field that may be either, too; nil is no bytes.
func contentOf(value any) ([]byte, error) {
	switch value := value.(type) {
	case nil:
		return nil, nil
	case string:
		return []byte(value), nil
	case []byte:
		return value, nil
	case goja.ArrayBuffer:
		return value.Bytes(), nil
	}
	return nil, fmt.Errorf("neither a string nor bytes: %T", value)
}

// toJS makes plain objects, by the names of the json tags; a nil pointer is undefined.
func toJS(js *goja.Runtime, value reflect.Value) goja.Value {
	if !value.IsValid() {
		return goja.Undefined()
	}
	switch value.Kind() {
	case reflect.Pointer:
		if value.IsNil() {
			return goja.Undefined()
		}
		return toJS(js, value.Elem())
	case reflect.Struct:
		object := js.NewObject()
		for i := range value.NumField() {
			name, _, _ := strings.Cut(value.Type().Field(i).Tag.Get("json"), ",")
			_ = object.Set(name, toJS(js, value.Field(i)))
		}
		return object
	case reflect.Map:
		object := js.NewObject()
		for _, key := range value.MapKeys() {
			_ = object.Set(key.String(), toJS(js, value.MapIndex(key)))
		}
		return object
	case reflect.Slice:
		return listToJS(js, value)
	}
	return js.ToValue(value.Interface())
}

func listToJS(js *goja.Runtime, value reflect.Value) goja.Value {
	if value.Type().Elem().Kind() == reflect.Uint8 {
		buffer := js.ToValue(js.NewArrayBuffer(value.Bytes()))
		bytes, err := js.New(js.Get("Uint8Array"), buffer)
		if err != nil {
			panic(err)
		}
		return bytes
	}
	items := make([]any, value.Len())
	for i := range items {
		items[i] = toJS(js, value.Index(i))
	}
	return js.NewArray(items...)
}

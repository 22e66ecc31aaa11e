package main

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"kubesolo-os/runtime/host"
	"kubesolo-os/runtime/quickjs"
)

// fromJS fills target. What is undefined or null leaves it as it is: the zero value.
func fromJS(value quickjs.Value, target reflect.Value) error {
	if value.IsNothing() {
		return nil
	}
	switch target.Kind() {
	case reflect.Pointer:
		target.Set(reflect.New(target.Type().Elem()))
		return fromJS(value, target.Elem())
	case reflect.String:
		text, isText := value.Text()
		target.SetString(text)
		return unless(isText, "no text")
	case reflect.Bool:
		is, isBool := value.Bool()
		target.SetBool(is)
		return unless(isBool, "neither true nor false")
	case reflect.Int, reflect.Int64:
		number, isNumber := value.Number()
		target.SetInt(int64(number))
		return unless(isNumber, "no number")
	case reflect.Uint32:
		number, isNumber := value.Number()
		target.SetUint(uint64(number))
		return unless(isNumber, "no number")
	case reflect.Slice:
		return listFromJS(value, target)
	case reflect.Struct, reflect.Map:
		return objectFromJS(value, target)
	}
	return fmt.Errorf("the runtime knows no %v", target.Type())
}

func unless(isRight bool, message string) error {
	if isRight {
		return nil
	}
	return errors.New(message)
}

func listFromJS(value quickjs.Value, target reflect.Value) error {
	if target.Type() == reflect.TypeFor[host.Content]() {
		if text, isText := value.Text(); isText {
			target.SetBytes([]byte(text))
			return nil
		}
	}
	if target.Type().Elem().Kind() == reflect.Uint8 {
		bytes, isBytes := value.Bytes()
		target.SetBytes(bytes)
		return unless(isBytes, "no bytes")
	}
	items, isList := value.List()
	target.Set(reflect.MakeSlice(target.Type(), len(items), len(items)))
	for i, item := range items {
		if err := fromJS(item, target.Index(i)); err != nil {
			return err
		}
	}
	return unless(isList, "no list")
}

// objectFromJS goes by the names of the json tags.
func objectFromJS(value quickjs.Value, target reflect.Value) error {
	if !value.IsObject() {
		return errors.New("no object")
	}
	if target.Kind() == reflect.Struct {
		for i := range target.NumField() {
			name := fieldName(target.Type().Field(i))
			if err := fromJS(value.Get(name), target.Field(i)); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		return nil
	}
	target.Set(reflect.MakeMap(target.Type()))
	for _, name := range value.Names() {
		item := reflect.New(target.Type().Elem()).Elem()
		if err := fromJS(value.Get(name), item); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		target.SetMapIndex(reflect.ValueOf(name), item)
	}
	return nil
}

// toJS makes plain objects, by the names of the json tags; a nil pointer is undefined.
func toJS(js *quickjs.Engine, value reflect.Value) quickjs.Value {
	switch value.Kind() {
	case reflect.Pointer:
		return toJS(js, value.Elem()) // of nil: invalid
	case reflect.String:
		return js.Text(value.String())
	case reflect.Bool:
		return js.Bool(value.Bool())
	case reflect.Int, reflect.Int64:
		return js.Number(float64(value.Int()))
	case reflect.Uint32:
		return js.Number(float64(value.Uint()))
	case reflect.Struct:
		object := js.Object()
		for i := range value.NumField() {
			object.Set(fieldName(value.Type().Field(i)), toJS(js, value.Field(i)))
		}
		return object
	case reflect.Map:
		object := js.Object()
		for _, key := range value.MapKeys() {
			object.Set(key.String(), toJS(js, value.MapIndex(key)))
		}
		return object
	case reflect.Slice:
		return listToJS(js, value)
	}
	return js.Undefined()
}

func listToJS(js *quickjs.Engine, value reflect.Value) quickjs.Value {
	if value.Type().Elem().Kind() == reflect.Uint8 {
		return js.Bytes(value.Bytes())
	}
	items := make([]quickjs.Value, value.Len())
	for i := range items {
		items[i] = toJS(js, value.Index(i))
	}
	return js.List(items)
}

func fieldName(field reflect.StructField) string {
	name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
	return name
}

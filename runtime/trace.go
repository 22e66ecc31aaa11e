package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"

	"kubesolo-os/runtime/host"
)

// trace writes each call down, or answers from what was written down before; as it is by default, it does neither.
type trace struct {
	file     *os.File
	recorded *json.Decoder
	count    int
}

// replayDiffers is the code of a call that is not in the record.
const replayDiffers = "EREPLAY"

func differs(format string, values ...any) error {
	return host.Failed(replayDiffers, format, values...)
}

// openTrace takes the runtime's own options from the front of the arguments.
func openTrace(args []string) (*trace, []string, error) {
	if len(args) == 0 || (args[0] != "--record" && args[0] != "--replay") {
		return &trace{}, args, nil
	}
	if len(args) < 2 {
		return nil, nil, fmt.Errorf("%s needs a file", args[0])
	}
	option, path, rest := args[0], args[1], args[2:]
	if option == "--replay" {
		file, err := os.Open(path)
		if err != nil {
			return nil, nil, err
		}
		return &trace{file: file, recorded: json.NewDecoder(bufio.NewReader(file))}, rest, nil
	}
	// What the agent read may be secret.
	file, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, nil, err
	}
	return &trace{file: file}, rest, nil
}

func (t *trace) close() {
	if t.file != nil {
		_ = t.file.Close()
	}
}

func (t *trace) call(name string, method reflect.Value, args []reflect.Value) (reflect.Value, error) {
	if t.file == nil {
		return invoke(method, args)
	}
	now, err := host.NewCall(name, valuesOf(args)...)
	if err != nil {
		return reflect.Value{}, err
	}
	if t.recorded != nil {
		return t.answer(now, method, args)
	}
	result, callErr := invoke(method, args)
	if callErr != nil {
		now.Failure = host.AsFailure(callErr)
	} else if result.IsValid() {
		if now.Result, err = json.Marshal(result.Interface()); err != nil {
			return reflect.Value{}, err
		}
	}
	if err := json.NewEncoder(t.file).Encode(now); err != nil {
		return reflect.Value{}, fmt.Errorf("cannot record: %w", err)
	}
	return result, callErr
}

// answer takes the next recorded call, which must be this one. What it prints is printed again.
func (t *trace) answer(now host.Call, method reflect.Value, args []reflect.Value) (reflect.Value, error) {
	t.count++
	var then host.Call
	if err := t.recorded.Decode(&then); errors.Is(err, io.EOF) {
		return reflect.Value{}, differs("call %d, %s: the record ends before it", t.count, now)
	} else if err != nil {
		return reflect.Value{}, differs("call %d: the record is damaged: %v", t.count, err)
	}
	if then.String() != now.String() {
		return reflect.Value{}, differs("call %d is %s, and in the record %s", t.count, now, then)
	}
	if now.Call == "print" {
		_, _ = invoke(method, args)
	}
	if then.Failure != nil {
		return reflect.Value{}, then.Failure
	}
	kind := resultType(method.Type())
	if kind == nil {
		return reflect.Value{}, nil
	}
	result := reflect.New(kind)
	return result.Elem(), json.Unmarshal(then.Result, result.Interface())
}

// checkEnd fails when the record has more calls than were made.
func (t *trace) checkEnd() error {
	if t.recorded == nil || !t.recorded.More() {
		return nil
	}
	return differs("ended after %d calls, and the record goes on", t.count)
}

func valuesOf(args []reflect.Value) []any {
	values := make([]any, len(args))
	for i, arg := range args {
		values[i] = arg.Interface()
	}
	return values
}

package quickjs

import (
	"errors"
	"strings"
	"testing"
)

// eval is what a script sets the global `result` to.
func eval(t *testing.T, js *Engine, source string) (Value, error) {
	t.Helper()
	bytecode, err := js.Compile("test.js", source)
	if err != nil {
		t.Fatal(err)
	}
	err = js.Run(bytecode)
	return js.Global().Get("result"), err
}

func TestAScriptsEnd(t *testing.T) {
	tests := []struct{ name, source, want string }{
		{"an exception tells where", "\nfunction f() { null.x }\nf()", "at f (test.js:2"},
		{"a text is thrown", `throw "words"`, "words"},
		{"nothing is thrown", `throw undefined`, "undefined"},
		{"what can't be said is thrown", `throw { toString() { throw 1 } }`, "can't be said"},
		{"a function calls itself", "const f = (n) => 1 + f(n + 1); f(0)", "stack overflow"},
		{"one does so through the engine", "const f = () => [1].map(f); f()", "stack overflow"},
		{"one does so through a getter", "const o = { get x() { return this.x } }; o.x", "stack overflow"},
		{"a text is nested too deep", `JSON.parse("[".repeat(1e6))`, "stack overflow"},
		{"an object is", `let o = {}; for (let i = 0; i < 1e5; i++) o = { o }; JSON.stringify(o)`, "stack overflow"},
		{"a pattern is", `new RegExp("(?:".repeat(1e6))`, "stack overflow"},
		{"a pattern goes deep into a text", `/^(?:(a)|b)*$/.exec("a".repeat(1e7))`, "out of memory"},
		{"a list has no end", "const list = []; for (;;) list.push([])", "out of memory"},
		{"a text has no end", "let s = 'x'; for (;;) s = s + s + '1'", ""},
		{"bytes are too many", "new Uint8Array(1e9)", "out of memory"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			js := New()
			defer js.Close()
			_, err := eval(t, js, test.source)
			var exception *Exception
			if !errors.As(err, &exception) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestWhatGoesTooFarCanBeCaught(t *testing.T) {
	js := New()
	defer js.Close()
	result, err := eval(t, js, `
		function f() { f() }
		var result = "";
		for (const bad of [f, () => new Uint8Array(1e9)]) try { bad() } catch (e) { result += e.message + "; " }`)
	if text, _ := result.Text(); err != nil || text != "stack overflow; out of memory; " {
		t.Errorf("got %q, %v", text, err)
	}
}

func TestASyntaxErrorTellsWhere(t *testing.T) {
	js := New()
	defer js.Close()
	if _, err := js.Compile("test.js", "\nvar a = {"); err == nil || !strings.Contains(err.Error(), "test.js:2") {
		t.Errorf("got %v", err)
	}
	if _, err := js.Compile("test.js", "undeclared = 1; with (1) {}"); err == nil {
		t.Error("it isn't strict")
	}
}

func TestBytecodeIsTheSameEachTime(t *testing.T) {
	const source = `var o = { a: /x+/u, b: [1, 2.5, "ü"], *c() { yield 1 } }; class D { #e = 1; f() { return this.#e } }`
	made := map[string]bool{}
	for range 3 {
		js := New()
		bytecode, err := js.Compile("test.js", source)
		if err != nil {
			t.Fatal(err)
		}
		made[string(bytecode)] = true
		js.Close()
	}
	if len(made) != 1 {
		t.Error("it differs")
	}
}

func TestBytecodeThatIsNone(t *testing.T) {
	js := New()
	defer js.Close()
	for _, bytes := range [][]byte{nil, {}, []byte("nonsense")} {
		if err := js.Run(bytes); err == nil {
			t.Errorf("%q: no error", bytes)
		}
	}
}

func TestTexts(t *testing.T) {
	js := New()
	defer js.Close()
	for source, want := range map[string]string{
		`"ü€𝄞"`:                       "ü€𝄞",
		`"\ud834\udd1e"`:              "𝄞",
		`"a\ud834"`:                   "a\uFFFD",
		`"\udd1e\ud834b\ud834\ud834"`: "\uFFFD\uFFFDb\uFFFD\uFFFD",
		`"a\0b"`:                      "a\x00b",
		`""`:                          "",
	} {
		result, err := eval(t, js, "var result = "+source)
		if text, isText := result.Text(); err != nil || !isText || text != want {
			t.Errorf("%s: got %q, %v", source, text, err)
		}
	}
	js.Global().Set("given", js.Text("ü\x00\xff𝄞"))
	if result, _ := eval(t, js, `var result = given === "ü\0\ufffd𝄞"`); !isTrue(result) {
		t.Error("a text changes on its way in")
	}
}

func isTrue(value Value) bool {
	is, isBool := value.Bool()
	return is && isBool
}

func TestBytes(t *testing.T) {
	js := New()
	defer js.Close()
	for source, want := range map[string]string{
		`new Uint8Array([97, 0, 98])`:                             "a\x00b",
		`new Uint8Array([97, 98, 99, 100]).subarray(1, 3)`:        "bc",
		`new Uint8Array(0)`:                                       "",
		`new DataView(new ArrayBuffer(1)) && new Uint8Array([1])`: "\x01",
	} {
		result, _ := eval(t, js, "var result = "+source)
		if bytes, isBytes := result.Bytes(); !isBytes || string(bytes) != want {
			t.Errorf("%s: got %q, %v", source, bytes, isBytes)
		}
	}
	for _, source := range []string{`[97]`, `"a"`, `1`, `null`, `{}`, `undefined`} {
		result, _ := eval(t, js, "var result = "+source)
		if _, isBytes := result.Bytes(); isBytes {
			t.Errorf("%s is bytes", source)
		}
	}
	for _, given := range [][]byte{nil, {}, {1, 2}} {
		js.Global().Set("given", js.Bytes(given))
		js.Global().Set("length", js.Number(float64(len(given))))
		if result, _ := eval(t, js, `var result = given instanceof Uint8Array && given.length === length`); !isTrue(result) {
			t.Errorf("%v changes on its way in", given)
		}
	}
}

func TestFunctions(t *testing.T) {
	js := New()
	defer js.Close()
	boom := errors.New("boom")
	js.Global().Set("refuse", js.Function("refuse", func(args []Value) (Value, error) {
		return Value{}, &Throw{Name: "HostError", Code: "ENOENT", Message: "nothing there"}
	}))
	js.Global().Set("end", js.Function("end", func([]Value) (Value, error) { return Value{}, boom }))
	js.Global().Set("apply", js.Function("apply", func(args []Value) (Value, error) { return js.Call(args[0], args[1:]...) }))

	result, err := eval(t, js, `
		function inner() { refuse() }
		var result = [];
		try { inner() } catch (e) {
			result = [e instanceof Error, e.name === "HostError", e.code === "ENOENT", e.message === "nothing there",
				e.stack.includes("inner"), apply((a, b) => a + b, 1, 2) === 3];
		}`)
	items, _ := result.List()
	if err != nil || len(items) != 6 {
		t.Fatalf("got %d, %v", len(items), err)
	}
	for i, item := range items {
		if !isTrue(item) {
			t.Errorf("%d is wrong", i)
		}
	}
	for _, source := range []string{
		`end()`, `try { end() } catch { }`, `try { end() } finally { result = 1 }`, `[1].map(end)`, `apply(end)`,
		`try { apply(end) } catch { }`, `try { apply(() => { try { end() } catch { } }) } catch { }`,
	} {
		js.fatal = nil
		if _, err := eval(t, js, source); !errors.Is(err, boom) {
			t.Errorf("%s: got %v", source, err)
		}
	}
}

func TestAPanicComesThrough(t *testing.T) {
	js := New()
	defer func() {
		if recover() != "boom" {
			t.Error("it doesn't")
		}
		running = nil
	}()
	js.Global().Set("panics", js.Function("panics", func([]Value) (Value, error) { panic("boom") }))
	_, _ = eval(t, js, `panics()`)
}

func TestNothingIsLeft(t *testing.T) {
	js := New()
	defer js.Close()
	js.Global().Set("f", js.Function("f", func(args []Value) (Value, error) {
		args[0].Names()
		return js.List([]Value{js.Bytes([]byte("x")), js.Text("y")}), nil
	}))
	before := len(js.kept)
	if _, err := eval(t, js, `for (let i = 0; i < 1e4; i++) f({ a: 1, b: 2 })`); err != nil {
		t.Error(err)
	}
	if kept := len(js.kept) - before; kept > 10 {
		t.Errorf("%d values are left", kept)
	}
}

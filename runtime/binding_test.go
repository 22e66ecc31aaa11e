package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kubesolo-os/runtime/quickjs"
)

// What JavaScript sees of the Host, with a small program instead of the agent's.
func runScript(t *testing.T, body string, options ...string) (int, error) {
	t.Helper()
	trace, args, err := openTrace(options)
	check(t, err)
	defer trace.close()
	js := quickjs.New()
	defer js.Close()
	bytecode, err := js.Compile("agent.js", "var agent = { main(host, args, version) { "+body+" } };")
	check(t, err)
	return runBundle(js, bytecode, args, trace)
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestValues(t *testing.T) {
	folder := t.TempDir()
	tests := []struct{ name, body string }{
		{"bytes are a Uint8Array", `const b = host.encodeUtf8("ab"); return b instanceof Uint8Array && b.length === 2 ? 0 : 1`},
		{"bytes go in, too", `return host.encodeBase64(new Uint8Array([97, 98])) === "YWI=" ? 0 : 1`},
		{"a view of a part is that part", `return host.sha256(new Uint8Array([97, 98, 99, 100]).subarray(0, 3)) === host.sha256("abc") ? 0 : 1`},
		{"nothing is undefined", `return host.stat("/nothing") === undefined ? 0 : 1`},
		{"objects are plain", `return JSON.stringify(Object.keys(host.stat("` + folder + `"))) === '["kind","sizeBytes","mode","modifiedMs"]' ? 0 : 1`},
		{"lists are arrays", `return Array.isArray(host.list("` + folder + `")) ? 0 : 1`},
		{"options may be left out", `host.writeFile("` + folder + `/a", "x"); return host.stat("` + folder + `/a").mode === 0o644 ? 0 : 1`},
		{"an option may be undefined", `host.writeFile("` + folder + `/b", "x", { mode: undefined }); return 0`},
		{"failures are errors with a code", `try { host.readText("/nothing", 1); } catch (e) { return e instanceof Error && e.name === "HostError" && e.code === "ENOENT" ? 0 : 1 }`},
		{"arguments and version come in", `return args[0] === undefined && version === "unknown" ? 0 : 1`},
		{"times are numbers", `return typeof host.now() === "number" && host.uptime() > 0 ? 0 : 1`},
		{"modern syntax", `class A { #x = 1; get x() { return this?.#x ?? 2 } }; return new A().x === 1 && "aXb".replaceAll("X", "-") === "a-b" && /(?<y>\d+)/u.exec("a12").groups.y === "12" ? 0 : 1`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if code, err := runScript(t, test.body); code != 0 || err != nil {
				t.Errorf("%d, %v", code, err)
			}
		})
	}
}

func TestDefects(t *testing.T) {
	tests := []struct{ name, body, want string }{
		{"an exception tells where", `null.x`, "agent.js:1"},
		{"a failure that nobody caught", `host.readText("/nothing", 1)`, "no such file"},
		{"a wrong argument", `host.readText({}, 1)`, "TypeError: host.readText: argument 1: no text"},
		{"another one", `host.readText("/nothing", "many")`, "argument 2: no number"},
		{"a wrong option", `host.run(["true"], { timeoutMs: "1" })`, "argument 2: timeoutMs: no number"},
		{"a wrong item", `host.run(["true", 1], { timeoutMs: 1 })`, "argument 1: no text"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, err := runScript(t, test.body); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v", err)
			}
		})
	}
	for _, source := range []string{"", "var agent = {}", "var agent"} {
		js := quickjs.New()
		bytecode, err := js.Compile("agent.js", source)
		check(t, err)
		if _, err := runBundle(js, bytecode, nil, &trace{}); err == nil || !strings.Contains(err.Error(), "agent.main") {
			t.Errorf("%q: %v", source, err)
		}
		js.Close()
	}
}

func TestRecordAndReplay(t *testing.T) {
	folder := t.TempDir()
	record, file := filepath.Join(folder, "record"), filepath.Join(folder, "file")
	body := `
		host.writeFile("` + file + `", "first");
		const bytes = host.readBytes("` + file + `", 100);
		try { host.readText("/nothing", 1); return 1 } catch (e) { if (e.code !== "ENOENT") throw e }
		return bytes.length === 5 && host.stat("` + file + `").sizeBytes === 5 && host.stat("/nothing") === undefined ? 0 : 2`
	if code, err := runScript(t, body, "--record", record); code != 0 || err != nil {
		t.Fatalf("recording: %d, %v", code, err)
	}
	if info, err := os.Stat(record); err != nil || info.Mode() != 0o600 {
		t.Errorf("others may read the record: %v", info)
	}
	check(t, os.Remove(file))
	if code, err := runScript(t, body, "--replay", record); code != 0 || err != nil {
		t.Errorf("replaying: %d, %v", code, err)
	}
	if _, err := os.Stat(file); !os.IsNotExist(err) {
		t.Error("replaying wrote a file")
	}
	for name, other := range map[string]string{
		"another call":                `host.uptime(); return 0`,
		"other arguments":             `host.writeFile("` + file + `", "second"); return 0`,
		"one whose failure is caught": `try { host.uptime() } catch (e) { return 0 }`,
		"less than it has":            `host.writeFile("` + file + `", "first"); return 0`,
		"more than it has":            body[:strings.LastIndex(body, "return")] + `host.stat("` + file + `"); host.stat("/nothing"); host.uptime(); return 0`,
	} {
		_, err := runScript(t, other, "--replay", record)
		if err == nil || !strings.Contains(err.Error(), "record") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWrongOptions(t *testing.T) {
	for _, args := range [][]string{{"--record"}, {"--replay"}, {"--replay", "/nothing/here"}, {"--record", "/nothing/here"}} {
		if _, _, err := openTrace(args); err == nil {
			t.Errorf("%q: no error", args)
		}
	}
}

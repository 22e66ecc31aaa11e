package main

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// By the network's program, which the factory has put beside the tests.
func TestNetwork(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(response http.ResponseWriter, request *http.Request) {
		response.Header().Set("X-Word", request.Header.Get("X-Word"))
		_, _ = response.Write([]byte{0, 0xff, 'a'})
	}))
	defer server.Close()
	target := t.TempDir() + "/piece"
	for name, body := range map[string]string{
		"an answer": `const { status, headers, body } = host.fetch({ url: "` + server.URL + `", timeoutMs: 20000, headers: { "X-Word": "w" } }, 3);
			return status === 200 && headers["x-word"] === "w" && body instanceof Uint8Array && body.join() === "0,255,97" ? 0 : 1`,
		"a failure":  `try { host.fetch({ url: "` + server.URL + `", timeoutMs: 20000 }, 2) } catch (e) { return e.code === "EFBIG" ? 0 : 1 }`,
		"a download": `host.download({ url: "` + server.URL + `", timeoutMs: 20000 }, "` + t.TempDir() + `/a/b", { maxBytes: 3 }); return 0`,
		"a piece": `host.copyPiece({ request: { url: "` + server.URL + `", timeoutMs: 20000 } }, "` + target + `", { offsetBytes: 1, sizeBytes: 2 });
			return host.readBytes("` + target + `", 3).join() === "255,97" ? 0 : 1`,
	} {
		if code, err := runScript(t, body); code != 0 || err != nil {
			t.Errorf("%s: %d, %v", name, code, err)
		}
	}
}

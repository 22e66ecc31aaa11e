package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"kubesolo-os/runtime/host"
)

func TestAnswer(t *testing.T) {
	plain := httptest.NewServer(http.HandlerFunc(handler))
	defer plain.Close()
	request := host.HTTPRequest{URL: plain.URL, TimeoutMs: 20_000}
	call := func(name string, args ...any) host.Call {
		made, err := host.NewCall(name, args...)
		check(t, err)
		return made
	}
	tests := []struct {
		name string
		call host.Call
		code string
	}{
		{"fetch", call("fetch", request, 100), ""},
		{"download", call("download", request, filepath.Join(t.TempDir(), "a"), host.DownloadOptions{MaxBytes: 100}), ""},
		{"copyPiece", call("copyPiece", request, filepath.Join(t.TempDir(), "b"), host.CopyOptions{SizeBytes: 2}), ""},
		{"copyPiece without options", call("copyPiece", request, "/nothing"), "EINVAL"},
		{"a call that isn't the network's", call("readText", "/etc/passwd", 100), "EINVAL"},
		{"too few arguments", call("fetch", request), "EINVAL"},
		{"an argument of another kind", call("fetch", 1, 1), "EIO"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			result, err := answer(test.call)
			if test.code != "" {
				if err == nil || asFailure(err).Code != test.code {
					t.Errorf("got %v", err)
				}
				return
			}
			if _, jsonErr := json.Marshal(result); err != nil || jsonErr != nil {
				t.Errorf("got %v, %v", err, jsonErr)
			}
		})
	}
}

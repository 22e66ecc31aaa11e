package main

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"kubesolo-os/runtime/host"
)

// What a server answers when it is asked for a part: either the bytes from there on, or an error with a code.
func FuzzPart(f *testing.F) {
	f.Add(200, "", "", int64(5), []byte(file))
	f.Add(206, "bytes 5-19/20", "", int64(5), []byte(file[5:]))
	f.Add(206, "bytes 0-7/20", "gzip", int64(5), []byte(file[:8]))
	f.Add(416, "bytes */20", "identity", int64(30), []byte(""))
	f.Fuzz(func(t *testing.T, status int, contentRange, encoding string, offset int64, body []byte) {
		if offset < 0 {
			return // nobody asks for it
		}
		response := &http.Response{
			StatusCode: status,
			Header:     http.Header{"Content-Range": {contentRange}, "Content-Encoding": {encoding}},
			Body:       io.NopCloser(bytes.NewReader(body)),
			Request:    &http.Request{Header: http.Header{"Range": {"bytes=" + strconv.FormatInt(offset, 10) + "-"}}},
		}
		limit, _, cancel := startIdleLimit(host.HTTPRequest{URL: "http://x", TimeoutMs: time.Minute.Milliseconds()})
		defer cancel()
		rest, err := bodyFrom(response, "http://x", offset, limit)
		isPart := status == 206 && strings.HasPrefix(contentRange, "bytes "+strconv.FormatInt(offset, 10)+"-")
		if isTaken := (status == 200 || isPart) && (encoding == "" || encoding == "identity"); isTaken != (err == nil) {
			t.Fatalf("%d, %q: %v", status, contentRange, err)
		}
		if err != nil {
			if code := host.AsFailure(err).Code; code != "EPROTO" {
				t.Fatalf("code %s: %v", code, err)
			}
			return
		}
		want := body
		if status == 200 {
			want = body[min(offset, int64(len(body))):]
		}
		if got, err := io.ReadAll(rest); err != nil || !bytes.Equal(got, want) {
			t.Fatalf("%q instead of %q, %v", got, want, err)
		}
	})
}

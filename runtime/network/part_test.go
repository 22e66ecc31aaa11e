package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"kubesolo-os/runtime/host"
)

// sending answers with the file as the path says; `asked` gets each request's headers.
func sending(asked *[]http.Header) http.HandlerFunc {
	flushed := func(response http.ResponseWriter, text string) {
		_, _ = response.Write([]byte(text))
		response.(http.Flusher).Flush()
	}
	return func(response http.ResponseWriter, request *http.Request) {
		*asked = append(*asked, request.Header)
		switch name := strings.TrimPrefix(request.URL.Path, "/"); name {
		case "ranges":
			http.ServeContent(response, request, "file", time.Time{}, strings.NewReader(file))
		case "no-ranges":
			flushed(response, file)
		case "other-part":
			response.Header().Set("Content-Range", "bytes 2-19/20")
			response.WriteHeader(http.StatusPartialContent)
			flushed(response, file[2:])
		case "first-part":
			response.Header().Set("Content-Range", "bytes 0-7/20")
			response.WriteHeader(http.StatusPartialContent)
			flushed(response, file[:8])
		case "no-part":
			response.WriteHeader(http.StatusPartialContent)
			flushed(response, file)
		case "encoded":
			response.Header().Set("Content-Encoding", "gzip")
			flushed(response, file)
		case "endless":
			for sent := 0; request.Context().Err() == nil && sent < 1000; sent++ {
				flushed(response, strings.Repeat(file, 1000))
			}
		case "silent":
			<-request.Context().Done()
		case "stalls":
			flushed(response, file[:8])
			<-request.Context().Done()
		case "dribbles":
			for _, letter := range file {
				time.Sleep(50 * time.Millisecond)
				flushed(response, string(letter))
			}
		case "breaks":
			if len(*asked) > 1 {
				http.ServeContent(response, request, "file", time.Time{}, strings.NewReader(file))
				return
			}
			response.Header().Set("Content-Length", "20")
			flushed(response, file[:8])
			panic(http.ErrAbortHandler)
		default:
			status, err := strconv.Atoi(name)
			if err != nil {
				panic(err)
			}
			response.WriteHeader(status)
			flushed(response, file)
		}
	}
}

func TestCopyPiece(t *testing.T) {
	piece := host.CopyOptions{OffsetBytes: 4, SizeBytes: 10}
	tests := []struct {
		path          string
		had           string // "-" for no file
		options       host.CopyOptions
		asked         string
		want          string
		code, message string
	}{
		{"ranges", "-", piece, "bytes=4-13", "456789abcd", "", ""},
		{"ranges", "456", piece, "bytes=7-13", "456789abcd", "", ""},
		{"ranges", "-", host.CopyOptions{SizeBytes: 20}, "bytes=0-19", file, "", ""},
		{"ranges", "XXXXXXXXXX", piece, "", "XXXXXXXXXX", "", ""},
		{"ranges", "XXXXXXXXXXX", piece, "", "XXXXXXXXXXX", "EFBIG", "has 11 bytes already"},
		{"ranges", "-", host.CopyOptions{OffsetBytes: 15, SizeBytes: 6}, "bytes=15-20", "fghij", "ENODATA", "5 of 6 bytes from byte 15"},
		{"ranges", "-", host.CopyOptions{OffsetBytes: 25, SizeBytes: 6}, "bytes=25-30", "-", "EPROTO", "416"},
		{"no-ranges", "-", piece, "bytes=4-13", "456789abcd", "", ""},
		{"no-ranges", "45", piece, "bytes=6-13", "456789abcd", "", ""},
		{"no-ranges", "-", host.CopyOptions{OffsetBytes: 15, SizeBytes: 6}, "bytes=15-20", "fghij", "ENODATA", "5 of 6 bytes from byte 15"},
		{"no-ranges", "-", host.CopyOptions{OffsetBytes: 25, SizeBytes: 6}, "bytes=25-30", "", "ENODATA", "0 of 6 bytes from byte 25"},
		{"other-part", "456", piece, "bytes=7-13", "456", "EPROTO", "206 Partial Content, with another part"},
		{"no-part", "-", piece, "bytes=4-13", "-", "EPROTO", "206"},
		{"encoded", "-", piece, "bytes=4-13", "-", "EPROTO", "gzip"},
		{"404", "456", piece, "bytes=7-13", "456", "EPROTO", "404 Not Found"},
		{"500", "-", piece, "bytes=4-13", "-", "EPROTO", "500 Internal Server Error"},
		{"203", "-", piece, "bytes=4-13", "-", "EPROTO", "203"},
		{"endless", "-", host.CopyOptions{OffsetBytes: 15, SizeBytes: 10}, "bytes=15-24", "fghij01234", "", ""},
		{"silent", "-", piece, "bytes=4-13", "-", "ETIMEDOUT", "nothing came for 300ms"},
		{"stalls", "-", piece, "bytes=4-13", "4567", "ETIMEDOUT", "nothing came for 300ms"},
		{"dribbles", "-", piece, "bytes=4-13", "456789abcd", "", ""},
	}
	for _, test := range tests {
		t.Run(fmt.Sprintf("%s, having %s, %d from %d on", test.path, test.had, test.options.SizeBytes, test.options.OffsetBytes), func(t *testing.T) {
			var asked []http.Header
			from := httptest.NewServer(sending(&asked))
			defer from.Close()
			target := filepath.Join(t.TempDir(), "target")
			if test.had != "-" {
				check(t, os.WriteFile(target, []byte(test.had), 0o600))
			}
			err := copyPiece(host.HTTPRequest{URL: from.URL + "/" + test.path, TimeoutMs: 300}, target, test.options)
			if test.code == "" && err != nil {
				t.Errorf("got %v", err)
			}
			if test.code != "" && (err == nil || asFailure(err).Code != test.code || !strings.Contains(err.Error(), test.message)) {
				t.Errorf("got %v", err)
			}
			text, err := readFile(target)
			if os.IsNotExist(err) {
				text = "-"
			}
			if text != test.want {
				t.Errorf("copied %q", text)
			}
			if test.asked == "" && len(asked) != 0 {
				t.Errorf("asked for %q", asked)
			}
			if test.asked != "" && (len(asked) != 1 || asked[0].Get("Range") != test.asked || asked[0].Get("Accept-Encoding") != "identity") {
				t.Errorf("asked for %q", asked)
			}
		})
	}
}

func TestACopyWhoseConnectionBrokeGoesOn(t *testing.T) {
	var asked []http.Header
	from := httptest.NewServer(sending(&asked))
	defer from.Close()
	target := filepath.Join(t.TempDir(), "target")
	request := host.HTTPRequest{URL: from.URL + "/breaks", TimeoutMs: 20_000}
	options := host.CopyOptions{OffsetBytes: 2, SizeBytes: 15}
	if err := copyPiece(request, target, options); err == nil || asFailure(err).Code != "EPROTO" {
		t.Errorf("got %v", err)
	}
	if text, _ := readFile(target); text != file[2:8] {
		t.Errorf("kept %q", text)
	}
	check(t, copyPiece(request, target, options))
	if text, _ := readFile(target); text != file[2:17] || asked[1].Get("Range") != "bytes=8-16" {
		t.Errorf("got %q by asking for %q", text, asked[1])
	}
}

// A disk may be slower than a server is patient with, and that is no silence of the server's.
func TestTheIdleLimitCountsOnlyWaiting(t *testing.T) {
	limit, ctx, cancel := startIdleLimit(host.HTTPRequest{TimeoutMs: 50})
	defer cancel()
	for range 2 {
		check(t, limit.wait(func() error { return ctx.Err() }))
		time.Sleep(100 * time.Millisecond)
	}
	err := limit.wait(func() error { <-ctx.Done(); return ctx.Err() })
	if err == nil || asFailure(err).Code != "ETIMEDOUT" {
		t.Errorf("got %v", err)
	}
}

func TestACopyThatIsRedirected(t *testing.T) {
	var asked []http.Header
	other := httptest.NewServer(sending(&asked))
	defer other.Close()
	secure := httptest.NewTLSServer(http.HandlerFunc(redirecting))
	defer secure.Close()
	plain := httptest.NewServer(http.HandlerFunc(redirecting))
	defer plain.Close()
	authority, _ := ownCertificate(t)
	target := filepath.Join(t.TempDir(), "target")
	request := host.HTTPRequest{URL: plain.URL + "/to?" + other.URL + "/ranges", TimeoutMs: 20_000, CAPem: authority, Headers: map[string]string{"Authorization": "secret"}}
	check(t, copyPiece(request, target, host.CopyOptions{OffsetBytes: 4, SizeBytes: 10}))
	if text, _ := readFile(target); text != "456789abcd" || asked[0].Get("Range") != "bytes=4-13" || asked[0].Get("Authorization") != "" {
		t.Errorf("copied %q by %q", text, asked[0])
	}
	request.URL = secure.URL + "/to?" + other.URL + "/ranges"
	if err := copyPiece(request, target+"2", host.CopyOptions{SizeBytes: 10}); err == nil || asFailure(err).Code != "EPROTO" || len(asked) != 1 {
		t.Errorf("from https to http: %v, %q", err, asked)
	}
}

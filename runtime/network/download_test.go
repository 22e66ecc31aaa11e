package main

import (
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

const (
	file       = "0123456789abcdefghij"
	fileSHA256 = "6bc14bdc4517a7a682c6910de2e2946eb8e1ecd04090728fef6d092a7ceb62c5"
)

// server has one file, whose tag it sends; the first `cuts` answers end early.
func server(tag string, cuts int, ranges *[]string) *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(response http.ResponseWriter, request *http.Request) {
		*ranges = append(*ranges, request.Header.Get("Range"))
		response.Header().Set("ETag", tag)
		if cuts > 0 {
			cuts--
			response.Header().Set("Content-Length", strconv.Itoa(len(file)))
			_, _ = response.Write([]byte(file[:8]))
			response.(http.Flusher).Flush()
			panic(http.ErrAbortHandler) // the connection breaks
		}
		http.ServeContent(response, request, "file", time.Time{}, strings.NewReader(file))
	}))
}

func TestDownloadGoesOnWhereItEnded(t *testing.T) {
	var ranges []string
	from := server(`"one"`, 1, &ranges)
	defer from.Close()
	path := filepath.Join(t.TempDir(), "below/file")
	request := host.HTTPRequest{URL: from.URL, TimeoutMs: 20_000}
	options := host.DownloadOptions{MaxBytes: 100, SHA256: fileSHA256}
	if err := download(request, path, options); err == nil {
		t.Fatal("no error though the connection broke")
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Error("half a file has the file's name")
	}
	check(t, download(request, path, options))
	if text, _ := readFile(path); text != file {
		t.Errorf("got %q", text)
	}
	if ranges[0] != "" || ranges[1] != "bytes=8-" {
		t.Errorf("asked for %q", ranges)
	}
	if names, _ := os.ReadDir(filepath.Dir(path)); len(names) != 1 {
		t.Errorf("left behind: %v", names)
	}
}

func TestDownloadBeginsAgainWhenTheFileChanged(t *testing.T) {
	var ranges []string
	from := server(`"two"`, 0, &ranges)
	defer from.Close()
	path := filepath.Join(t.TempDir(), "file")
	check(t, os.WriteFile(path+".part", []byte("XXXX"), 0o600))
	check(t, os.WriteFile(path+".part.tag", []byte(`"one"`), 0o600))
	check(t, download(host.HTTPRequest{URL: from.URL, TimeoutMs: 20_000}, path, host.DownloadOptions{MaxBytes: 100}))
	if text, _ := readFile(path); text != file {
		t.Errorf("got %q", text)
	}
}

func TestDownloadThatBreaks(t *testing.T) {
	var ranges []string
	from := server(`"one"`, 1, &ranges)
	defer from.Close()
	err := download(host.HTTPRequest{URL: from.URL, TimeoutMs: 20_000}, filepath.Join(t.TempDir(), "file"), host.DownloadOptions{MaxBytes: 100})
	if err == nil || asFailure(err).Code != "EPROTO" {
		t.Errorf("got %v", err)
	}
}

// Power may go at any moment: what is left of the old file must never lie beside the new one's tag, or it is gone on with.
func TestDownloadTakesTheOldPartAwayBeforeItsTagChanges(t *testing.T) {
	var ranges []string
	from := server(`"two"`, 0, &ranges)
	defer from.Close()
	path := filepath.Join(t.TempDir(), "file")
	check(t, os.MkdirAll(path+".part/full", 0o700)) // a part that can't be taken away
	check(t, os.WriteFile(path+".part.tag", []byte(`"one"`), 0o600))
	if err := download(host.HTTPRequest{URL: from.URL, TimeoutMs: 20_000}, path, host.DownloadOptions{MaxBytes: 100}); err == nil {
		t.Error("no error")
	}
	if tag, _ := readFile(path + ".part.tag"); tag == `"two"` {
		t.Error("it has the new tag")
	}
}

func TestDownloadOfAnotherPart(t *testing.T) {
	from := httptest.NewServer(http.HandlerFunc(func(response http.ResponseWriter, request *http.Request) {
		response.Header().Set("Content-Range", "bytes 2-19/20")
		response.WriteHeader(http.StatusPartialContent)
		_, _ = response.Write([]byte(file[2:]))
	}))
	defer from.Close()
	path := filepath.Join(t.TempDir(), "file")
	check(t, os.WriteFile(path+".part", []byte(file[:8]), 0o600))
	check(t, os.WriteFile(path+".part.tag", []byte(`"one"`), 0o600))
	err := download(host.HTTPRequest{URL: from.URL, TimeoutMs: 20_000}, path, host.DownloadOptions{MaxBytes: 100})
	if err == nil || asFailure(err).Code != "EPROTO" {
		t.Errorf("got %v", err)
	}
}

func TestDownloadRefusals(t *testing.T) {
	var ranges []string
	from := server(`"one"`, 0, &ranges)
	defer from.Close()
	missing := httptest.NewServer(http.NotFoundHandler())
	defer missing.Close()
	var asked []http.Header
	others := httptest.NewServer(sending(&asked))
	defer others.Close()
	tests := []struct {
		name    string
		url     string
		options host.DownloadOptions
		code    string
	}{
		{"another hash", from.URL, host.DownloadOptions{MaxBytes: 100, SHA256: strings.Repeat("0", 64)}, "EBADMSG"},
		{"more than allowed", from.URL, host.DownloadOptions{MaxBytes: 10}, "EFBIG"},
		{"a part that nobody asked for", others.URL + "/first-part", host.DownloadOptions{MaxBytes: 100}, "EPROTO"},
		{"not there", missing.URL, host.DownloadOptions{MaxBytes: 100}, "EPROTO"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "file")
			check(t, os.WriteFile(path, []byte("old"), 0o600))
			err := download(host.HTTPRequest{URL: test.url, TimeoutMs: 20_000}, path, test.options)
			if err == nil || asFailure(err).Code != test.code {
				t.Errorf("got %v", err)
			}
			if text, _ := readFile(path); text != "old" {
				t.Errorf("the old file is now %q", text)
			}
		})
	}
}

func readFile(path string) (string, error) {
	read, err := os.ReadFile(path)
	return string(read), err
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

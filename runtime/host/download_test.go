package host

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

const file = "0123456789abcdefghij"

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
	request := httpRequest{URL: from.URL, TimeoutMs: 20_000}
	options := downloadOptions{MaxBytes: 100, SHA256: sha256Of(Content(file))}
	if err := download(request, path, options); err == nil {
		t.Fatal("no error though the connection broke")
	}
	if info, _ := stat(path); info != nil {
		t.Error("half a file has the file's name")
	}
	check(t, download(request, path, options))
	if text, _ := readText(path, 100); text != file {
		t.Errorf("got %q", text)
	}
	if ranges[0] != "" || ranges[1] != "bytes=8-" {
		t.Errorf("asked for %q", ranges)
	}
	if names, _ := list(filepath.Dir(path)); len(names) != 1 {
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
	check(t, download(httpRequest{URL: from.URL, TimeoutMs: 20_000}, path, downloadOptions{MaxBytes: 100}))
	if text, _ := readText(path, 100); text != file {
		t.Errorf("got %q", text)
	}
}

func TestDownloadThatBreaks(t *testing.T) {
	var ranges []string
	from := server(`"one"`, 1, &ranges)
	defer from.Close()
	err := download(httpRequest{URL: from.URL, TimeoutMs: 20_000}, filepath.Join(t.TempDir(), "file"), downloadOptions{MaxBytes: 100})
	if err == nil || AsFailure(err).Code != "EPROTO" {
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
	if err := download(httpRequest{URL: from.URL, TimeoutMs: 20_000}, path, downloadOptions{MaxBytes: 100}); err == nil {
		t.Error("no error")
	}
	if tag, _ := readText(path+".part.tag", 100); tag == `"two"` {
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
	err := download(httpRequest{URL: from.URL, TimeoutMs: 20_000}, path, downloadOptions{MaxBytes: 100})
	if err == nil || AsFailure(err).Code != "EPROTO" {
		t.Errorf("got %v", err)
	}
}

func TestDownloadRefusals(t *testing.T) {
	var ranges []string
	from := server(`"one"`, 0, &ranges)
	defer from.Close()
	missing := httptest.NewServer(http.NotFoundHandler())
	defer missing.Close()
	tests := []struct {
		name    string
		url     string
		options downloadOptions
		code    string
	}{
		{"another hash", from.URL, downloadOptions{MaxBytes: 100, SHA256: strings.Repeat("0", 64)}, "EBADMSG"},
		{"more than allowed", from.URL, downloadOptions{MaxBytes: 10}, "EFBIG"},
		{"not there", missing.URL, downloadOptions{MaxBytes: 100}, "EPROTO"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "file")
			check(t, os.WriteFile(path, []byte("old"), 0o600))
			err := download(httpRequest{URL: test.url, TimeoutMs: 20_000}, path, test.options)
			if err == nil || AsFailure(err).Code != test.code {
				t.Errorf("got %v", err)
			}
			if text, _ := readText(path, 100); text != "old" {
				t.Errorf("the old file is now %q", text)
			}
		})
	}
}

package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"kubesolo-os/runtime/host"
)

// redirecting sends /to?URL on to that URL, /loop/N to /loop/N-1, and tells elsewhere what it was sent.
func redirecting(response http.ResponseWriter, request *http.Request) {
	path, last := request.URL.Path, request.URL.RawQuery
	if path == "/to" {
		http.Redirect(response, request, last, http.StatusFound)
		return
	}
	if count, err := strconv.Atoi(strings.TrimPrefix(path, "/loop/")); err == nil && count > 0 {
		http.Redirect(response, request, fmt.Sprintf("/loop/%d", count-1), http.StatusFound)
		return
	}
	header := request.Header
	certificates := 0
	if request.TLS != nil {
		certificates = len(request.TLS.PeerCertificates)
	}
	_, _ = fmt.Fprintf(response, "%s %s %s %s %d", header.Get("Authorization"), header.Get("X-Token"), header.Get("Accept"), header.Get("Referer"), certificates)
}

func TestRedirects(t *testing.T) {
	plain := httptest.NewServer(http.HandlerFunc(redirecting))
	defer plain.Close()
	other := httptest.NewServer(http.HandlerFunc(redirecting))
	defer other.Close()
	var secure []string
	for range 2 {
		server := httptest.NewUnstartedServer(http.HandlerFunc(redirecting))
		server.TLS = &tls.Config{ClientAuth: tls.RequestClientCert}
		server.StartTLS()
		defer server.Close()
		secure = append(secure, server.URL)
	}
	authority, key := ownCertificate(t)
	headers := map[string]string{"Authorization": "secret", "X-Token": "secret", "Accept": "text"}
	tests := []struct{ name, url, body, code string }{
		{"none", plain.URL, "secret secret text  0", ""},
		{"as many as are allowed", plain.URL + "/loop/5", "secret secret text " + plain.URL + "/loop/1 0", ""},
		{"one more", plain.URL + "/loop/6", "", "EPROTO"},
		{"to its own server", plain.URL + "/to?/b", "secret secret text " + plain.URL + "/to?/b 0", ""},
		{"to another port, which is another server", plain.URL + "/to?" + other.URL, "  text  0", ""},
		{"to another, and back", plain.URL + "/to?" + other.URL + "/to?" + plain.URL, "  text  0", ""},
		{"from http to https", plain.URL + "/to?" + secure[0], "  text  0", ""},
		{"from https to http", secure[0] + "/to?" + plain.URL, "", "EPROTO"},
		{"by https to http", plain.URL + "/to?" + secure[0] + "/to?" + plain.URL, "", "EPROTO"},
		{"to its own server, with the client's certificate", secure[0] + "/to?/b", "secret secret text " + secure[0] + "/to?/b 1", ""},
		{"to another, without it", secure[0] + "/to?" + secure[1], "  text  0", ""},
		{"to another, and back, without it", secure[0] + "/to?" + secure[1] + "/to?" + secure[0], "  text  0", ""},
		{"to what isn't HTTP", plain.URL + "/to?file:///etc/passwd", "", "EPROTO"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			request := host.HTTPRequest{URL: test.url, Headers: headers, TimeoutMs: 20_000, CAPem: authority, CertificatePem: authority, KeyPem: key}
			response, err := fetch(request, 1000)
			if test.code != "" {
				if err == nil || asFailure(err).Code != test.code {
					t.Errorf("got %q, %v", response.Body, err)
				}
				return
			}
			if err != nil || string(response.Body) != test.body {
				t.Errorf("got %q, %v", response.Body, err)
			}
		})
	}
	path := filepath.Join(t.TempDir(), "file")
	err := download(host.HTTPRequest{URL: secure[0] + "/to?" + plain.URL, TimeoutMs: 20_000, CAPem: authority}, path, host.DownloadOptions{MaxBytes: 100})
	if _, statErr := os.Stat(path); err == nil || asFailure(err).Code != "EPROTO" || !os.IsNotExist(statErr) {
		t.Errorf("a download from https to http: %v, %v", err, statErr)
	}
}

func TestOrigins(t *testing.T) {
	for address, want := range map[string]string{
		"http://a/b":        "http://a:80",
		"https://A.b:443/c": "https://a.b:443",
		"https://u:p@a/":    "https://a:443",
		"http://[::1]:8/":   "http://[::1]:8",
	} {
		request, err := http.NewRequest("GET", address, nil)
		check(t, err)
		if got := originOf(request.URL); got != want {
			t.Errorf("%s: %s", address, got)
		}
	}
}

// ownCertificate is that of httptest's servers, which serves as a client's, too.
func ownCertificate(t *testing.T) (certificate, key string) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	pair := server.TLS.Certificates[0]
	der, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	check(t, err)
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pair.Certificate[0]})),
		string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

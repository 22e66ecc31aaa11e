package main

import (
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kubesolo-os/runtime/host"
)

func handler(response http.ResponseWriter, request *http.Request) {
	switch request.URL.Path {
	case "/slow":
		time.Sleep(2 * time.Second)
	case "/echo":
		response.Header().Set("X-Method", request.Method)
		_, _ = response.Write([]byte(request.Header.Get("X-Word")))
	case "/missing":
		http.NotFound(response, request)
	}
	_, _ = response.Write([]byte("ok"))
}

func TestFetch(t *testing.T) {
	plain := httptest.NewServer(http.HandlerFunc(handler))
	defer plain.Close()
	secure := httptest.NewTLSServer(http.HandlerFunc(handler))
	defer secure.Close()
	authority := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secure.Certificate().Raw}))
	proxy := httptest.NewServer(http.HandlerFunc(func(response http.ResponseWriter, request *http.Request) {
		_, _ = response.Write([]byte("by proxy " + request.URL.Host))
	}))
	defer proxy.Close()
	none, refused := "", "http://127.0.0.1:1"
	tests := []struct {
		name    string
		request host.HTTPRequest
		status  int
		body    string
		code    string
	}{
		{"a page", host.HTTPRequest{URL: plain.URL}, 200, "ok", ""},
		{"method and headers", host.HTTPRequest{URL: plain.URL + "/echo", Method: "PUT", Body: host.Content("x"), Headers: map[string]string{"X-Word": "w"}}, 200, "wok", ""},
		{"a status is no failure", host.HTTPRequest{URL: plain.URL + "/missing"}, 404, "404 page not found\nok", ""},
		{"TLS with an authority given", host.HTTPRequest{URL: secure.URL, CAPem: authority}, 200, "ok", ""},
		{"a proxy", host.HTTPRequest{URL: "http://example.invalid/", Proxy: &proxy.URL}, 200, "by proxy example.invalid", ""},
		{"TLS without the authority", host.HTTPRequest{URL: secure.URL}, 0, "", "ETLS"},
		{"no TLS where it is asked for", host.HTTPRequest{URL: strings.Replace(plain.URL, "http:", "https:", 1)}, 0, "", "EPROTO"},
		{"nobody listens", host.HTTPRequest{URL: "http://127.0.0.1:1/"}, 0, "", "ECONNREFUSED"},
		{"nobody has this name", host.HTTPRequest{URL: "http://name.invalid/", Proxy: &none}, 0, "", "ENOTFOUND"},
		{"a proxy that is away", host.HTTPRequest{URL: plain.URL, Proxy: &refused}, 0, "", "ECONNREFUSED"},
		{"no answer in time", host.HTTPRequest{URL: plain.URL + "/slow", TimeoutMs: 100}, 0, "", "ETIMEDOUT"},
		{"an address that is none", host.HTTPRequest{URL: "://"}, 0, "", "EINVAL"},
		{"a proxy's address that is none", host.HTTPRequest{URL: plain.URL, Proxy: &[]string{"nonsense"}[0]}, 0, "", "EINVAL"},
		{"an authority that is none", host.HTTPRequest{URL: secure.URL, CAPem: "nonsense"}, 0, "", "EINVAL"},
		{"a key without its certificate", host.HTTPRequest{URL: secure.URL, KeyPem: "nonsense"}, 0, "", "EINVAL"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.request.TimeoutMs == 0 {
				test.request.TimeoutMs = 20_000
			}
			response, err := fetch(test.request, 1000)
			if test.code != "" {
				if err == nil || asFailure(err).Code != test.code {
					t.Errorf("got %v", err)
				}
				return
			}
			if err != nil || response.Status != test.status || string(response.Body) != test.body {
				t.Errorf("got %d %q, %v", response.Status, response.Body, err)
			}
		})
	}
	if _, err := fetch(host.HTTPRequest{URL: plain.URL, TimeoutMs: 20_000}, 1); err == nil || asFailure(err).Code != "EFBIG" {
		t.Errorf("a body that is too large: %v", err)
	}
}

package main

import (
	"net"
	"net/http"
	"net/url"
	"strings"

	"kubesolo-os/runtime/host"
)

const maxRedirects = 5

// visit is one request and where it is sent on to. What the request has for its own server only, its headers and the
// client's certificate, goes to no other; nor to its own again, with an address that another chose.
type visit struct {
	own, others http.RoundTripper
	hasLeft     bool
}

// Other servers are told these: what is wanted, not by whom.
var harmlessHeaders = []string{"Accept", "Accept-Encoding", "Content-Type", "If-Range", "Range", "User-Agent"}

func (v *visit) RoundTrip(request *http.Request) (*http.Response, error) {
	if v.hasLeft {
		return v.others.RoundTrip(request)
	}
	return v.own.RoundTrip(request)
}

// follow is http.Client's CheckRedirect: by then, the new request has the first one's headers.
func (v *visit) follow(next *http.Request, before []*http.Request) error {
	if len(before) > maxRedirects {
		return host.Failed("EPROTO", "%s leads to more than %d others", before[0].URL.Redacted(), maxRedirects)
	}
	if before[len(before)-1].URL.Scheme == "https" && next.URL.Scheme != "https" {
		return host.Failed("EPROTO", "%s leads away from https, to %s", before[0].URL.Redacted(), next.URL.Redacted())
	}
	v.hasLeft = v.hasLeft || originOf(next.URL) != originOf(before[0].URL)
	if !v.hasLeft {
		return nil
	}
	all := next.Header
	next.Header = http.Header{}
	for _, name := range harmlessHeaders {
		if values, isGiven := all[name]; isGiven {
			next.Header[name] = values
		}
	}
	return nil
}

// originOf: another port is another server, too.
func originOf(address *url.URL) string {
	port := address.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[address.Scheme]
	}
	return address.Scheme + "://" + net.JoinHostPort(strings.ToLower(address.Hostname()), port)
}

package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"kubesolo-os/runtime/host"
)

func fetch(request host.HTTPRequest, maxBytes int64) (host.HTTPResponse, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeoutOf(request))
	defer cancel()
	response, err := send(ctx, request, nil)
	if err != nil {
		return host.HTTPResponse{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBytes+1))
	if err != nil {
		return host.HTTPResponse{}, asHTTPFailure(err)
	}
	if int64(len(body)) > maxBytes {
		return host.HTTPResponse{}, host.Failed("EFBIG", "%s sends more than %d bytes", request.URL, maxBytes)
	}
	headers := map[string]string{}
	for name, values := range response.Header {
		headers[strings.ToLower(name)] = strings.Join(values, ", ")
	}
	return host.HTTPResponse{Status: response.StatusCode, Headers: headers, Body: body}, nil
}

func timeoutOf(r host.HTTPRequest) time.Duration {
	return time.Duration(r.TimeoutMs) * time.Millisecond
}

// send leaves the body to be read, until the context ends.
func send(ctx context.Context, r host.HTTPRequest, more map[string]string) (*http.Response, error) {
	own, err := transportFor(r)
	if err != nil {
		return nil, err
	}
	others := own.Clone()
	others.TLSClientConfig.Certificates = nil
	request, err := http.NewRequestWithContext(ctx, r.Method, r.URL, bytes.NewReader(r.Body))
	if err != nil {
		return nil, host.Failed("EINVAL", "%v", err)
	}
	for _, headers := range []map[string]string{r.Headers, more} {
		for name, value := range headers {
			request.Header.Set(name, value)
		}
	}
	visit := &visit{own: own, others: others}
	response, err := (&http.Client{Transport: visit, CheckRedirect: visit.follow}).Do(request)
	if err != nil {
		return nil, asHTTPFailure(err)
	}
	return response, nil
}

func transportFor(r host.HTTPRequest) (*http.Transport, error) {
	security := &tls.Config{}
	if r.CAPem != "" {
		pool, err := x509.SystemCertPool()
		if err != nil {
			return nil, err
		}
		if !pool.AppendCertsFromPEM([]byte(r.CAPem)) {
			return nil, host.Failed("EINVAL", "caPem has no certificate")
		}
		security.RootCAs = pool
	}
	if r.CertificatePem != "" || r.KeyPem != "" {
		pair, err := tls.X509KeyPair([]byte(r.CertificatePem), []byte(r.KeyPem))
		if err != nil {
			return nil, host.Failed("EINVAL", "certificatePem and keyPem: %v", err)
		}
		security.Certificates = []tls.Certificate{pair}
	}
	proxy := http.ProxyFromEnvironment
	if r.Proxy != nil && *r.Proxy == "" {
		proxy = nil
	} else if r.Proxy != nil {
		address, err := url.Parse(*r.Proxy)
		if err != nil || address.Host == "" {
			return nil, host.Failed("EINVAL", "not a proxy's address: %q", *r.Proxy)
		}
		proxy = http.ProxyURL(address)
	}
	return &http.Transport{TLSClientConfig: security, Proxy: proxy, ForceAttemptHTTP2: true}, nil
}

// asHTTPFailure: what is no trouble of the network below is one of the protocol.
func asHTTPFailure(err error) error {
	if found := asFailure(err); found.Code != "EIO" {
		return found
	}
	return host.Failed("EPROTO", "%v", err)
}

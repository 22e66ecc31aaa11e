package host

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

	"github.com/beevik/ntp"
)

type httpRequest struct {
	URL            string            `json:"url"`
	Method         string            `json:"method"`
	Headers        map[string]string `json:"headers"`
	Body           Content           `json:"body"`
	TimeoutMs      int64             `json:"timeoutMs"`
	CAPem          string            `json:"caPem"`
	CertificatePem string            `json:"certificatePem"`
	KeyPem         string            `json:"keyPem"`
	Proxy          *string           `json:"proxy"`
}

type httpResponse struct {
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers"`
	Body    []byte            `json:"body"`
}

func fetch(request httpRequest, maxBytes int64) (httpResponse, error) {
	response, cancel, err := request.send(nil)
	if err != nil {
		return httpResponse{}, err
	}
	defer cancel()
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBytes+1))
	if err != nil {
		return httpResponse{}, asHTTPFailure(err)
	}
	if int64(len(body)) > maxBytes {
		return httpResponse{}, failed("EFBIG", "%s sends more than %d bytes", request.URL, maxBytes)
	}
	headers := map[string]string{}
	for name, values := range response.Header {
		headers[strings.ToLower(name)] = strings.Join(values, ", ")
	}
	return httpResponse{response.StatusCode, headers, body}, nil
}

// send leaves the body to be read, until the request's time is over; then call cancel.
func (r httpRequest) send(more map[string]string) (*http.Response, context.CancelFunc, error) {
	transport, err := r.transport()
	if err != nil {
		return nil, nil, err
	}
	ctx, stop := context.WithTimeout(context.Background(), time.Duration(r.TimeoutMs)*time.Millisecond)
	cancel := func() { stop(); transport.CloseIdleConnections() }
	request, err := http.NewRequestWithContext(ctx, r.Method, r.URL, bytes.NewReader(r.Body))
	if err != nil {
		cancel()
		return nil, nil, failed("EINVAL", "%v", err)
	}
	for _, headers := range []map[string]string{r.Headers, more} {
		for name, value := range headers {
			request.Header.Set(name, value)
		}
	}
	response, err := (&http.Client{Transport: transport}).Do(request)
	if err != nil {
		cancel()
		return nil, nil, asHTTPFailure(err)
	}
	return response, cancel, nil
}

func (r httpRequest) transport() (*http.Transport, error) {
	security := &tls.Config{}
	if r.CAPem != "" {
		pool, err := x509.SystemCertPool()
		if err != nil {
			return nil, err
		}
		if !pool.AppendCertsFromPEM([]byte(r.CAPem)) {
			return nil, failed("EINVAL", "caPem has no certificate")
		}
		security.RootCAs = pool
	}
	if r.CertificatePem != "" || r.KeyPem != "" {
		pair, err := tls.X509KeyPair([]byte(r.CertificatePem), []byte(r.KeyPem))
		if err != nil {
			return nil, failed("EINVAL", "certificatePem and keyPem: %v", err)
		}
		security.Certificates = []tls.Certificate{pair}
	}
	proxy := http.ProxyFromEnvironment
	if r.Proxy != nil && *r.Proxy == "" {
		proxy = nil
	} else if r.Proxy != nil {
		address, err := url.Parse(*r.Proxy)
		if err != nil || address.Host == "" {
			return nil, failed("EINVAL", "not a proxy's address: %q", *r.Proxy)
		}
		proxy = http.ProxyURL(address)
	}
	return &http.Transport{TLSClientConfig: security, Proxy: proxy, ForceAttemptHTTP2: true}, nil
}

// asHTTPFailure: what is no trouble of the network below is one of the protocol.
func asHTTPFailure(err error) error {
	if found := AsFailure(err); found.Code != "EIO" {
		return found
	}
	return failed("EPROTO", "%v", err)
}

func queryTime(server string, timeoutMs int64) (int64, error) {
	options := ntp.QueryOptions{Timeout: time.Duration(timeoutMs) * time.Millisecond}
	response, err := ntp.QueryWithOptions(server, options)
	if err != nil {
		return 0, err
	}
	if err := response.Validate(); err != nil {
		return 0, failed("EPROTO", "%s: %v", server, err)
	}
	return time.Now().Add(response.ClockOffset).UnixMilli(), nil
}

package main

import (
	"fmt"
	"io"
	"net/http"
	"strings"

	"kubesolo-os/runtime/host"
)

// startOf tells at which byte of the whole the answer begins: the one that was asked for, or the first.
func startOf(response *http.Response, url string, askedFrom int64) (int64, error) {
	isPartAsked := response.Request.Header.Get("Range") != ""
	switch {
	case response.StatusCode == http.StatusOK:
		return 0, nil
	case response.StatusCode == http.StatusPartialContent && isPartAsked:
		if !strings.HasPrefix(response.Header.Get("Content-Range"), fmt.Sprintf("bytes %d-", askedFrom)) {
			return 0, host.Failed("EPROTO", "%s answers %s, with another part than was asked for", url, response.Status)
		}
		return askedFrom, nil
	}
	return 0, host.Failed("EPROTO", "%s answers %s", url, response.Status)
}

func copyPiece(request host.HTTPRequest, target string, options host.CopyOptions) error {
	limit, ctx, cancel := startIdleLimit(request)
	defer cancel()
	return host.CopyPiece(request.URL, target, options, func(offset int64) (io.ReadCloser, error) {
		more := map[string]string{
			"Accept-Encoding": "identity",
			"Range":           fmt.Sprintf("bytes=%d-%d", offset, options.OffsetBytes+options.SizeBytes-1),
		}
		var response *http.Response
		err := limit.wait(func() (err error) {
			response, err = send(ctx, request, more)
			return err
		})
		if err != nil {
			return nil, err
		}
		return bodyFrom(response, request.URL, offset, limit)
	})
}

// bodyFrom leaves out what a server without ranges sends first; if that is all, nothing is left.
func bodyFrom(response *http.Response, url string, offset int64, limit *idleLimit) (io.ReadCloser, error) {
	body := limitedBody{response.Body, limit}
	start, err := startOf(response, url, offset)
	if encoding := response.Header.Get("Content-Encoding"); err == nil && encoding != "" && encoding != "identity" {
		err = host.Failed("EPROTO", "%s answers %s, encoded as %s", url, response.Status, encoding)
	}
	if err == nil {
		_, err = io.CopyN(io.Discard, body, offset-start)
	}
	if err != nil && err != io.EOF {
		_ = body.Close()
		return nil, err
	}
	return body, nil
}

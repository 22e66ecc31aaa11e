package main

import (
	"context"
	"io"
	"net/http/httptrace"
	"sync/atomic"
	"time"

	"kubesolo-os/runtime/host"
)

// idleLimit ends an exchange of which nothing comes for that long. Its clock runs only while something is waited for: a
// slow disk in between is no silence of the server's.
type idleLimit struct {
	url    string
	limit  time.Duration
	timer  *time.Timer
	isOver atomic.Bool
}

// startIdleLimit returns the context that the exchange needs.
func startIdleLimit(r host.HTTPRequest) (*idleLimit, context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.Background())
	limit := &idleLimit{url: r.URL, limit: timeoutOf(r)}
	limit.timer = time.AfterFunc(limit.limit, func() {
		limit.isOver.Store(true)
		cancel()
	})
	// Each server that it is redirected to has that time to be connected with and to send its headers.
	trace := &httptrace.ClientTrace{GetConn: func(string) { limit.timer.Reset(limit.limit) }}
	return limit, httptrace.WithClientTrace(ctx, trace), cancel
}

func (l *idleLimit) wait(work func() error) error {
	l.timer.Reset(l.limit)
	err := work()
	l.timer.Stop()
	if err != nil && l.isOver.Load() {
		return host.Failed("ETIMEDOUT", "%s: nothing came for %v", l.url, l.limit)
	}
	return err
}

// limitedBody is a body whose failures are those of the network: they meet those of a disk.
type limitedBody struct {
	io.ReadCloser
	limit *idleLimit
}

func (b limitedBody) Read(bytes []byte) (count int, err error) {
	err = b.limit.wait(func() error {
		count, err = b.ReadCloser.Read(bytes)
		return err
	})
	if err != nil && err != io.EOF {
		err = asHTTPFailure(err)
	}
	return count, err
}

package host

import (
	"fmt"
	"os"
	"time"
)

const (
	progressPause = 5 * time.Second
	megabyte      = 1_000_000
)

// progress counts what is written to it, and tells people at a console how much that is.
type progress struct {
	announce             string
	doneBytes, sizeBytes int64
	lastPrinted          time.Time
}

func newProgress(announce string, doneBytes, sizeBytes int64) *progress {
	return &progress{announce, doneBytes, sizeBytes, time.Now()}
}

func (p *progress) Write(bytes []byte) (int, error) {
	p.doneBytes += int64(len(bytes))
	if now := time.Now(); p.isDue(now) {
		p.lastPrinted = now
		p.print()
	}
	return len(bytes), nil
}

func (p *progress) isDue(now time.Time) bool {
	return now.Sub(p.lastPrinted) >= progressPause
}

func (p *progress) print() {
	if p.announce != "" {
		fmt.Fprintln(os.Stderr, p.line())
	}
}

func (p *progress) line() string {
	return fmt.Sprintf("%s: %d of %d MB", p.announce, p.doneBytes/megabyte, p.sizeBytes/megabyte)
}

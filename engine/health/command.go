package health

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"time"
)

// ErrUsage: the command line can't be understood.
var ErrUsage = errors.New("usage: kubesolo status [--json]")

// ErrNotRunning: nobody answers at the socket.
var ErrNotRunning = errors.New("the engine is not running")

const askWithin = 15 * time.Second

// Command is `kubesolo status`. It says whether the node is ready.
func Command(ctx context.Context, socket string, args []string, out io.Writer) (bool, error) {
	asJSON := slices.Equal(args, []string{"--json"})
	if len(args) > 0 && !asJSON {
		return false, ErrUsage
	}
	report, err := ask(ctx, socket)
	if err != nil {
		return false, err
	}
	if !asJSON {
		_, err = io.WriteString(out, report.Text())
		return report.Ready, err
	}
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return report.Ready, encoder.Encode(report)
}

func ask(ctx context.Context, socket string) (Report, error) {
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	client := http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", socket)
	}}}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://engine/readyz?format=json", nil)
	if err != nil {
		return Report{}, err
	}
	response, err := client.Do(request)
	var refused *net.OpError
	if errors.As(err, &refused) && refused.Op == "dial" && !errors.Is(err, os.ErrPermission) {
		return Report{}, fmt.Errorf("%w: nobody answers at %s", ErrNotRunning, socket)
	}
	if err != nil {
		return Report{}, fmt.Errorf("cannot ask the engine: %w", err)
	}
	defer response.Body.Close()
	var report Report
	if err := json.NewDecoder(response.Body).Decode(&report); err != nil {
		return Report{}, fmt.Errorf("cannot understand the engine's answer: %w", err)
	}
	return report, nil
}

package clock

import (
	"context"
	"testing"
	"time"
)

func TestWait(t *testing.T) {
	tests := []struct {
		name  string
		until time.Duration // from now
		end   time.Duration // of the context
	}{
		{"until a time that has passed", -time.Hour, time.Minute},
		{"until 1970", -1000000 * time.Hour, time.Minute},
		{"until soon", time.Second, time.Minute},
		{"until the context ends", time.Hour, 10 * time.Millisecond},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), test.end)
			defer cancel()
			started := time.Now()
			if err := Wait(ctx, started.Add(test.until)); err != nil {
				t.Fatal(err)
			}
			if waited := time.Since(started); waited > 10*time.Second {
				t.Errorf("waited %s", waited)
			}
		})
	}
}

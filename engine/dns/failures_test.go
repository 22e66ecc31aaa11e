package dns

import (
	"testing"
	"time"
)

func TestFailuresAreLoggedOnceAnHour(t *testing.T) {
	var f failures
	start := time.Now()
	for _, test := range []struct {
		name  string
		after time.Duration
		want  bool
	}{
		{"the first one", 0, true},
		{"another one soon", time.Minute, false},
		{"one an hour later", time.Hour, true},
		{"and one after that", time.Hour + time.Second, false},
	} {
		if got := f.isDue(start.Add(test.after)); got != test.want {
			t.Errorf("%s: got %v", test.name, got)
		}
	}
}

package dns

import (
	"context"
	"testing"
	"time"

	miekg "github.com/miekg/dns"
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

func TestACodecsErrorIsExplained(t *testing.T) {
	answer := []byte{0, 1, 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0, 0x80, 0, 0}
	err := new(miekg.Msg).Unpack(answer)
	if err == nil {
		t.Fatal("the answer is DNS")
	}
	if got := explain(err); got != "a name server of the site gave an answer that isn't DNS (bad question name: dns: bad rdata)" {
		t.Error(got)
	}
	if got := explain(context.DeadlineExceeded); got != "context deadline exceeded" {
		t.Error(got)
	}
}

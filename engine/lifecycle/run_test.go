package lifecycle

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// diary notes what happens, in order.
type diary struct {
	mutex sync.Mutex
	lines []string
}

func (d *diary) note(line string) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.lines = append(d.lines, line)
}

func (d *diary) indexOf(line string) int { return slices.Index(d.lines, line) }

func (d *diary) unit(name string, after ...string) Unit {
	return Unit{Name: name, After: after, StopWithin: time.Second, Run: func(ctx context.Context) error {
		d.note("start " + name)
		<-ctx.Done()
		d.note("stop " + name)
		return nil
	}}
}

// run is New and Run.
func run(ctx context.Context, descriptions []Unit, o Options) error {
	group, err := New(descriptions)
	if err != nil {
		return err
	}
	return group.Run(ctx, o)
}

func options(onReady func([]Timing)) Options {
	return Options{StartupTimeout: 5 * time.Second, OnReady: onReady, OnStop: func() {}, OnLate: func(string) {}}
}

func TestUnitsStartInOrderAndStopInTheOpposite(t *testing.T) {
	var d diary
	task := Unit{Name: "load", After: []string{"a"}, Task: true, StopWithin: time.Second, Run: func(context.Context) error {
		d.note("start load")
		return nil
	}}
	ctx, cancel := context.WithCancel(context.Background())
	err := run(ctx, []Unit{d.unit("a"), task, d.unit("b", "a", "load"), d.unit("c", "b")}, options(func(timings []Timing) {
		if len(timings) != 4 || timings[1].Name != "load" {
			t.Errorf("timings: %v", timings)
		}
		cancel()
	}))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"start a", "start load", "start b", "start c", "stop c", "stop b", "stop a"}
	for i := range want[1:] {
		// c is ready as soon as it is started, so its own first line may come late, or never.
		if before, after := d.indexOf(want[i]), d.indexOf(want[i+1]); want[i] != "start c" && want[i+1] != "start c" && before > after {
			t.Errorf("%q came after %q: %v", want[i], want[i+1], d.lines)
		}
	}
}

func TestAFailingUnitStopsTheOthers(t *testing.T) {
	var d diary
	broken := Unit{Name: "broken", After: []string{"a"}, StopWithin: time.Second, Run: func(context.Context) error {
		return errors.New("no such device")
	}, Ready: func(context.Context) error { return errors.New("never") }}
	err := run(context.Background(), []Unit{d.unit("a"), broken, d.unit("b", "broken")}, options(nil))
	if err == nil || err.Error() != "broken: no such device" {
		t.Errorf("got %v", err)
	}
	if d.indexOf("start b") >= 0 || d.indexOf("stop a") < 0 {
		t.Errorf("wrong order: %v", d.lines)
	}
}

func TestAUnitThatEndsByItselfIsAFailure(t *testing.T) {
	ended := Unit{Name: "short", Run: func(context.Context) error { return nil }, Ready: func(context.Context) error { return errors.New("never") }}
	err := run(context.Background(), []Unit{ended}, options(nil))
	if !errors.Is(err, errEnded) {
		t.Errorf("got %v", err)
	}
}

func TestTimeoutNamesTheReason(t *testing.T) {
	var d diary
	slow := d.unit("slow")
	slow.Ready = func(context.Context) error { return errors.New("still counting") }
	o := options(nil)
	o.StartupTimeout = 20 * time.Millisecond
	err := run(context.Background(), []Unit{slow, d.unit("next", "slow")}, o)
	if err == nil || !strings.Contains(err.Error(), "slow: still counting; next: waits for slow") {
		t.Errorf("got %v", err)
	}
}

func TestAUnitThatDoesNotStopIsLeftBehind(t *testing.T) {
	var d diary
	stuck := Unit{Name: "stuck", After: []string{"a"}, StopWithin: time.Millisecond, Run: func(context.Context) error { select {} }}
	ctx, cancel := context.WithCancel(context.Background())
	o := options(func([]Timing) { cancel() })
	o.OnLate = func(name string) { d.note("late " + name) }
	if err := run(ctx, []Unit{d.unit("a"), stuck}, o); err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(d.lines, "late stuck") || !slices.Contains(d.lines, "stop a") {
		t.Errorf("got %v", d.lines)
	}
}

func TestOrderIsChecked(t *testing.T) {
	var d diary
	if err := run(context.Background(), []Unit{d.unit("b", "a"), d.unit("a")}, options(nil)); err == nil {
		t.Error("a unit that comes after a later one was accepted")
	}
}

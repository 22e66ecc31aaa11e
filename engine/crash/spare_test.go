package crash

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/util/workqueue"
)

const poisoned = "KUBESOLO_TEST_POISONED"

// runPoisoned is a run of an engine with a loop like those of upstream's controllers, and one object that it can't bear.
func runPoisoned(file string) {
	last, err := Watch(file)
	if err != nil {
		panic(err)
	}
	if last != nil && last.Again {
		SpareOthers(file)
	}
	queue := workqueue.NewTyped[string]()
	for _, object := range []string{"good", "poison", "better"} {
		queue.Add(object)
	}
	go wait.UntilWithContext(context.Background(), func(context.Context) {
		for {
			object, _ := queue.Get()
			handle(queue, object)
		}
	}, time.Millisecond)
	time.Sleep(time.Minute) // "better" ends it
}

func handle(queue workqueue.TypedInterface[string], object string) {
	defer queue.Done(object)
	switch object {
	case "poison":
		panic("cannot bear it")
	case "better":
		fmt.Println("the others were handled")
		os.Exit(0)
	}
}

// This process again and again, as a supervisor would start an engine.
func TestAnObjectEndsTheEngineTwiceAndThenOnlyItsOwnWork(t *testing.T) {
	if file := os.Getenv(poisoned); file != "" {
		runPoisoned(file)
	}
	file := filepath.Join(t.TempDir(), "crash")
	start := func() (string, error) {
		again := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
		again.Env = append(os.Environ(), poisoned+"="+file)
		output, err := again.CombinedOutput()
		return string(output), err
	}
	for run := range 2 {
		if output, err := start(); err == nil {
			t.Fatalf("run %d was to end: %s", run, output)
		}
	}
	output, err := start()
	if err != nil || !strings.Contains(output, "the others were handled") || !strings.Contains(output, "crash.handle: cannot bear it") {
		t.Fatalf("the third: %v, %s", err, output)
	}
	if text, err := os.ReadFile(LastFile(file)); err != nil || !strings.HasPrefix(string(text), "panic: cannot bear it\n") {
		t.Errorf("kept: %s, %v", text, err)
	}
	if _, err := start(); err == nil {
		t.Error("a run after one that didn't crash may end once more")
	}
	long := time.Now().Add(-2 * time.Hour)
	if err := os.Chtimes(LastFile(file), long, long); err != nil {
		t.Fatal(err)
	}
	if output, err := start(); err == nil {
		t.Errorf("a crash of long ago counts: %s", output)
	}
}

func TestCatch(t *testing.T) {
	fault := errors.New("no space")
	if err := Catch(func() error { return fault }); err != fault {
		t.Errorf("got %v", err)
	}
	err := Catch(func() error {
		var none map[string]int
		none["a"]++
		return nil
	})
	caught, isPanic := errors.AsType[Panic](err)
	if !isPanic || caught.Function != "kubesolo-os/engine/crash.TestCatch.func2" || !strings.Contains(err.Error(), "nil map") {
		t.Errorf("got %v", err)
	}
}

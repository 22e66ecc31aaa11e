package openapi

import (
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestADocumentIsLetGoOfWhenNobodyAsks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		made := 0
		asked := &document{making: &sync.Mutex{}, make: func() http.Handler {
			made++
			return http.NotFoundHandler()
		}}
		for _, step := range []struct {
			pause time.Duration
			made  int
		}{{0, 1}, {9 * time.Minute, 1}, {9 * time.Minute, 1}, {11 * time.Minute, 2}, {time.Minute, 2}} {
			time.Sleep(step.pause)
			synctest.Wait()
			asked.at("same")
			if made != step.made {
				t.Errorf("after %s more: made %d times, want %d", step.pause, made, step.made)
			}
		}
		time.Sleep(keptFor)
		synctest.Wait()
		if asked.made != nil {
			t.Error("it is kept")
		}
	})
}
